import { z } from 'zod';
import { secretSetting, serviceSettings } from '@flotilla/control-host';
import { isNkeySeed } from '@flotilla/platform-bus';

/** What `status` is told by its environment. */
export const statusSettings = serviceSettings.extend({
  /** Seed of the scoped signing key: makes agents, and nothing else. */
  AGENT_SIGNING_KEY: secretSetting.refine(
    (seed) => isNkeySeed(seed.reveal(), 'account'),
    'must be the seed of an account key, SA…',
  ),
  /** Public key of the AGENTS account. */
  AGENTS_ACCOUNT: z.string().regex(/^A[A-Z2-7]{55}$/, 'must be the public key of the AGENTS account'),
  /** Where agents dial; handed out when they enrol. */
  AGENT_NATS_URL: z.string().transform((text) => text.split(',')),
  AGENT_NATS_CA: z.string().optional(),
});

export type StatusSettings = z.output<typeof statusSettings>;
