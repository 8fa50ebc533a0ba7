import { randomBytes } from 'node:crypto';
import { Redacted } from '@flotilla/foundation';
import { orderKeyPair } from '@flotilla/platform-bus';

/** The files of a recovery key: its seed, which is put away, and its public half, which goes into every list. */
export const recoveryFileNames = { seed: 'order-recovery-seed', key: 'order-recovery-key' } as const;

/** A new recovery key, by the name of the file. It signs lists when the order key is lost, and never an order. */
export function recoveryKeyFiles(): Record<string, string> {
  const seed = randomBytes(32).toString('base64');
  return {
    [recoveryFileNames.seed]: seed,
    [recoveryFileNames.key]: JSON.stringify({ ...orderKeyPair(new Redacted(seed)).publicKey, recovery: true }),
  };
}
