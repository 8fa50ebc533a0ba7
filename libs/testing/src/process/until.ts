import { systemClock } from '@flotilla/foundation';

export interface UntilOptions {
  readonly what: string;
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/** Looks again and again until `look` gives something truthy, or says what did not come in time. */
export async function until<Found>(
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  { what, timeoutMs = 30_000, intervalMs = 20 }: UntilOptions,
): Promise<Found> {
  const deadline = systemClock.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    if (systemClock.now() > deadline) {
      throw new Error(`${what}: not within ${timeoutMs} ms`, last === undefined ? undefined : { cause: last });
    }
    await systemClock.sleep(intervalMs);
  }
}
