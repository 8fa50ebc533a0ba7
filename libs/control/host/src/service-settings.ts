import { z } from 'zod';
import { parseDuration, Redacted } from '@flotilla/foundation';
import { isNkeySeed, type UserCredentials } from '@flotilla/platform-bus';

/** A secret that arrives as text and is never printed again. */
export const secretSetting = z
  .string()
  .min(1)
  .transform((text) => new Redacted(text));

const userCredentialsSchema = z.object({
  jwt: z.string().min(1),
  seed: z.string().refine((seed) => isNkeySeed(seed, 'user')),
});

/** JWT and seed of a user of the broker. What is wrong with them is not quoted, as a parser would: it may be the secret. */
export const userCredentialsSetting = z.string().transform((text, context): Redacted<UserCredentials> => {
  const read = userCredentialsSchema.safeParse(jsonIn(text));
  if (read.success) return new Redacted(read.data);
  context.addIssue('must be {"jwt": "…", "seed": "SU…"}');
  return z.NEVER;
});

const dayMs = 86_400_000;

/** How long rows of a table are kept, such as `365d`. Never under a day: a slip of the pen does not empty a table. */
export const retentionSetting = z
  .string()
  .transform((text) => parseDuration(text) ?? 0)
  .pipe(
    z
      .int()
      .min(dayMs)
      .max(3_650 * dayMs),
  );

/** What every service of the control plane is told by its environment. Each name may end in `_FILE` instead. */
export const serviceSettings = z.object({
  DATABASE_URL: secretSetting,
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(100).default(10),
  NATS_URL: z.string().transform((text) => text.split(',')),
  /** JWT and seed of a user of the CONTROL account, as `{"jwt": …, "seed": …}`. */
  NATS_CREDENTIALS: userCredentialsSetting,
  NATS_CA: z.string().optional(),
  /** Only where nobody else can reach the broker: it may be older than what is safe. */
  NATS_ALLOW_OLD_SERVER: z.stringbool().default(false),
  /** Where probes and Prometheus ask. */
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
});

export type ServiceSettings = z.output<typeof serviceSettings>;

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
