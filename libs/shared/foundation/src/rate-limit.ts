import type { Clock } from './clock.ts';

/** How often something may be done under one key, and how many keys are remembered. */
export interface RateLimitOptions {
  readonly clock: Clock;
  readonly perSecond: number;
  /** As many at once, after a pause. */
  readonly burst: number;
  /** Whoever was longest away is forgotten first, so that strangers cannot fill the memory. */
  readonly keysMax: number;
}

/** Lets each key do something so often and no more: a bucket for each, filled as time passes. */
export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Takes one: 0 when there was one, else the milliseconds until there is. */
  take(key: string): number {
    const { clock, perSecond, burst, keysMax } = this.#options;
    const now = clock.now();
    const { tokens, at } = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + (Math.max(0, now - at) / 1_000) * perSecond);
    const left = filled >= 1 ? filled - 1 : filled;
    // Put in anew, so that the first of the map is always the one that was longest away.
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: left, at: now });
    if (this.#buckets.size > keysMax) this.#buckets.delete(this.#buckets.keys().next().value!);
    return filled >= 1 ? 0 : Math.ceil(((1 - filled) / perSecond) * 1_000);
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#buckets.size;
  }
}
