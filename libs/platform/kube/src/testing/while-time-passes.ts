import type { VirtualClock } from '@flotilla/foundation/testing';

/** How a promise ended, and after how much virtual time. */
export type Ended<Result> = { readonly ms: number } & ({ readonly value: Result } | { readonly error: unknown });

const stepMs = 100;
const stepsMax = 6_000;

/** Settles a promise while virtual time goes by, and says how much of it went. */
export async function whileTimePasses<Result>(clock: VirtualClock, work: Promise<Result>): Promise<Ended<Result>> {
  const startedAt = clock.now();
  const ended = { yet: false };
  const watched = work
    .then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
    .finally(() => (ended.yet = true));
  for (let step = 0; step < stepsMax && !ended.yet; step++) await clock.advance(stepMs);
  return { ...(await watched), ms: clock.now() - startedAt };
}
