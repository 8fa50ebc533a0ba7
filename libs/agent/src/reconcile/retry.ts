import { backoffMs, formatAge, parseDuration, type BackoffOptions, type Random } from '@flotilla/foundation';
import type { DesiredEntry } from '@flotilla/model';

/** How failures are tried again; without a limit for as long as they last. */
export interface Retry extends BackoffOptions {
  readonly limit: number;
}

const usual: Retry = { baseMs: 500, maxMs: 120_000, limit: Number.POSITIVE_INFINITY };
/** Where an application says that it wants its own, and leaves a part of it open: what users of Argo CD know. */
const asked = { baseMs: 5_000, maxMs: 180_000 } as const;
/** Whatever an entry says: who comes back sooner only does harm. */
const leastMs = 1_000;

export function retryOf(entry: Pick<DesiredEntry, 'sync'> | undefined): Retry {
  const retry = entry?.sync.retry;
  if (!retry) return usual;
  const { duration, factor, maxDuration } = retry.backoff ?? {};
  const baseMs = Math.max(leastMs, readMs(duration, asked.baseMs));
  const maxMs = Math.max(baseMs, readMs(maxDuration, asked.maxMs));
  return { baseMs, maxMs, factor: factor ?? 2, limit: retry.limit ?? Number.POSITIVE_INFINITY };
}

/** When to try again after this many attempts. Past the limit it goes on as well, as seldom as it ever does. */
export function retryMs(attempts: number, retry: Retry, random: Random): number {
  return attempts > retry.limit ? retry.maxMs : backoffMs(Math.max(1, attempts), retry, random);
}

/** What a person should know of something that failed more often than was asked for. */
export function triedText(attempts: number, { limit, maxMs }: Retry): string {
  return attempts > limit ? ` (tried ${attempts} times; it goes on every ${formatAge(maxMs)})` : '';
}

function readMs(text: string | undefined, otherwiseMs: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? otherwiseMs;
}
