import { z } from 'zod';
import { retentionSetting, secretSetting, serviceSettings } from '@flotilla/control-host';
import { readProxies, type TrustedProxies } from './http/caller-address.ts';

const yearMs = 365 * 86_400_000;

const proxiesSetting = z.string().transform((text, context): TrustedProxies => {
  const proxies = readProxies(text.split(',').filter(Boolean));
  if (proxies) return proxies;
  context.addIssue('must be networks such as 10.0.0.0/8 or fd00::/8, separated by commas');
  return z.NEVER;
});

/** What `gateway` is told by its environment. */
export const gatewaySettings = serviceSettings.extend({
  HTTP_HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** A token with every right: the way in before there is any other. */
  BOOTSTRAP_TOKEN: secretSetting
    .refine((token) => token.reveal().length >= 32, 'must have at least 32 characters')
    .optional(),
  /**
   * Networks of the proxies in front of the gateway. What they say in `X-Forwarded-For` decides whose share of enrolments a
   * request takes; whoever else says something there is not believed.
   */
  TRUSTED_PROXIES: proxiesSetting.default(readProxies([])!),
  /** How long lines of the ledger are kept. */
  LEDGER_RETENTION: retentionSetting.default(yearMs),
  /** Folder of the built page; without it there is only the API. */
  WEB_DIRECTORY: z.string().optional(),
});
