import { backoffMs, type Fault, type Outcome, type Random } from '@flotilla/foundation';
import { isSuccess, retryAfterMs, type Answer, type Call } from './answer.ts';

/** How one try of a call ended. */
export type Tried = Outcome<Answer, Fault>;

const retriesMax = 4;
/** A longer wait is the caller's: it has a place that decides when to come back. */
const pauseMaxMs = 10_000;
const reconnect = { baseMs: 100, maxMs: 2_000 };

/**
 * How long to wait before the same call is tried again on the spot, or `undefined` when its result stands. Only what
 * passes by itself within seconds is worth that: a server that turned us away for now, a connection that broke.
 */
export function pauseBeforeRetry(call: Call, tried: Tried, attempt: number, random: Random): number | undefined {
  if (attempt > retriesMax) return undefined;
  if (tried.ok) return pauseAfterAnswer(call, tried.value);
  const mayHaveHappened = call.request.method === 'POST';
  return tried.reason.code === 'unavailable' && !mayHaveHappened ? backoffMs(attempt, reconnect, random) : undefined;
}

/** A 429 was never carried out, so even a POST may be sent again; of a 503 that is not certain. */
function pauseAfterAnswer({ request }: Call, answer: Answer): number | undefined {
  if (isSuccess(answer)) return undefined;
  const afterMs = retryAfterMs(answer.headers);
  if (answer.status === 429) return withinReach(afterMs ?? 1_000);
  return answer.status >= 500 && request.method !== 'POST' ? withinReach(afterMs) : undefined;
}

function withinReach(ms: number | undefined): number | undefined {
  return ms !== undefined && ms <= pauseMaxMs ? ms : undefined;
}
