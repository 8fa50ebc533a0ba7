import { z } from 'zod';
import { Fault, Redacted } from '@flotilla/foundation';
import { secretSetting, serviceSettings } from '@flotilla/control-host';

/** What `sources` is told by its environment. */
export const sourcesSettings = serviceSettings.extend({
  /** 32 bytes in base64: opens and seals the credentials of the control plane. */
  SEAL_KEY: secretSetting.transform(sealKey),
  /** Git objects that were fetched, so that the next fetch is small. It can be lost at any time. */
  CACHE_DIRECTORY: z.string().optional(),
  /** Private networks in which notifiers may tell somebody, and gates ask, such as `10.20.0.0/16,loopback`; none where nothing is said. */
  NOTIFY_NETWORKS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(z.union([z.literal('loopback'), z.cidrv4(), z.cidrv6()]))),
  /** Where people find the page: what notifiers tell of links there. */
  PUBLIC_URL: z.url().optional(),
});

function sealKey(text: Redacted): Redacted<Buffer> {
  const key = Buffer.from(text.reveal(), 'base64');
  if (key.length === 32) return new Redacted(key);
  throw new Fault({
    code: 'invalid',
    reason: 'SettingsInvalid',
    message: 'SEAL_KEY must be 32 bytes in base64: openssl rand -base64 32',
  });
}
