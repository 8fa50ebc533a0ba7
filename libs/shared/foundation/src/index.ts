export { backoffMs, jittered, type BackoffOptions } from './backoff.ts';
export { Batch, type BatchOptions } from './batch.ts';
export { canonicalJson, isSameJson } from './canonical.ts';
export { Channel } from './channel.ts';
export { isoTime, systemClock, type Clock } from './clock.ts';
export { formatAge, parseDuration } from './duration.ts';
export { every, type EveryOptions, type Running } from './every.ts';
export {
  assertThat,
  Fault,
  faultCodes,
  toFault,
  type Consequence,
  type FaultCode,
  type FaultDetails,
} from './fault.ts';
export { createIds, systemIds, type Ids } from './ids.ts';
export { KeyedQueue, type KeyedQueueOptions } from './keyed-queue.ts';
export { Limit, mapLimited } from './limit.ts';
export { done, refused, type Done, type Outcome, type Refused } from './outcome.ts';
export { RateLimit, type RateLimitOptions } from './rate-limit.ts';
export { seededRandom, systemRandom, type Random } from './random.ts';
export { Redacted } from './redacted.ts';
export { counted, matchesGlob, nearest, shortened } from './text.ts';
