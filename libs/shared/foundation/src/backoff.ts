import type { Random } from './random.ts';

/** The first pause, the longest, and how much longer each is than the one before; twice when nothing is said. */
export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
  readonly factor?: number;
}

/**
 * How long to wait before attempt number `attempt` (1 is the first retry): growing from `baseMs`, never above
 * `maxMs`, spread over the upper half so that many waiters do not return in the same moment.
 */
export function backoffMs(attempt: number, options: BackoffOptions, random: Random): number {
  const ceiling = Math.min(options.maxMs, options.baseMs * (options.factor ?? 2) ** Math.min(attempt - 1, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random.next());
}

/** `ms` moved by at most `share` of itself in either direction: spreads things that would otherwise beat together. */
export function jittered(ms: number, share: number, random: Random): number {
  return Math.round(ms * (1 - share + 2 * share * random.next()));
}
