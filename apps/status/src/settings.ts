import { z } from 'zod';
import { retentionSetting, secretSetting, serviceSettings, userCredentialsSetting } from '@flotilla/control-host';
import { parseDuration } from '@flotilla/foundation';
import { isNkeySeed } from '@flotilla/platform-bus';

const accountKey = z.string().regex(/^A[A-Z2-7]{55}$/, 'must be a public key of an account, A…');
const accountKeys = z
  .string()
  .transform((text) => text.split(',').filter(Boolean))
  .pipe(z.array(accountKey));

/** `A…` counts no more at once, `A…@2027-01-31T00:00:00Z` from then on. */
const retiredKeys = z
  .string()
  .transform((text) => text.split(',').filter(Boolean).map(retiredKey))
  .pipe(z.array(z.object({ key: accountKey, until: z.iso.datetime().transform(Date.parse).optional() })));

function retiredKey(text: string): { key: string; until?: string | undefined } {
  const [key = '', until] = text.split('@');
  return { key, until };
}

const yearMs = 365 * 86_400_000;

/** What `status` is told by its environment. */
export const statusSettings = serviceSettings.extend({
  /** Seed of the scoped signing key: makes agents, and nothing else. */
  AGENT_SIGNING_KEY: secretSetting.refine(
    (seed) => isNkeySeed(seed.reveal(), 'account'),
    'must be the seed of an account key, SA…',
  ),
  /** Public halves of scoped signing keys that make no agents any more, each with the time until which those it made count. */
  AGENT_SIGNING_KEYS_RETIRED: retiredKeys.default([]),
  /** Public key of the AGENTS account. */
  AGENTS_ACCOUNT: accountKey,
  /** Public keys that the AGENTS account had before; their agents may renew, and nothing else. */
  AGENTS_ACCOUNTS_BEFORE: accountKeys.default([]),
  /** Where agents dial; handed out when they enrol. */
  AGENT_NATS_URL: z.string().transform((text) => text.split(',')),
  AGENT_NATS_CA: z.string().optional(),
  /** How long an agent's identity lives; it is renewed after a third of that. */
  AGENT_IDENTITY_LIFE: z
    .string()
    .default('90d')
    .transform((text) => parseDuration(text) ?? 0)
    .pipe(
      z
        .int()
        .min(1_000)
        .max(365 * 86_400_000),
    ),
  /** How long deployments are kept; the newest of each target stays. */
  DEPLOYMENT_RETENTION: retentionSetting.default(yearMs),
  /**
   * Seed of a signing key of the operator, and a user of the system account: with both, a revoked identity is refused by
   * the broker as well. Without, the record alone refuses it, until somebody tells the broker by hand.
   */
  OPERATOR_SIGNING_KEY: secretSetting
    .refine((seed) => isNkeySeed(seed.reveal(), 'operator'), 'must be the seed of an operator key, SO…')
    .optional(),
  NATS_SYSTEM_CREDENTIALS: userCredentialsSetting.optional(),
});

export type StatusSettings = z.output<typeof statusSettings>;
