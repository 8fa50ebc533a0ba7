import type { Clock } from './clock.ts';

/** Who handles the keys, how many at once, and when those that failed come back. */
export interface KeyedQueueOptions {
  readonly clock: Clock;
  readonly runningMax: number;
  /** Keys that took longer than `afterMs` the last time share so many of the places; the others are for quick ones. */
  readonly slow?: { readonly afterMs: number; readonly runningMax: number };
  /** Handles one key; when it returns a number the key comes back after that many milliseconds. */
  readonly handle: (key: string) => Promise<number | undefined>;
  /** What to do with a surprise; the key comes back after the returned milliseconds. */
  readonly onError: (key: string, error: unknown) => number;
}

/** More are not remembered as slow: each finds out again. */
const slowKeysMax = 10_000;

interface Waiting {
  dueAt: number;
}

/**
 * A work queue of keys, level-triggered: adding a key that already waits changes nothing but its due time, a key is
 * never handled twice at once, and a key added while it is being handled runs once more afterwards.
 */
export class KeyedQueue {
  readonly #options: KeyedQueueOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Map<string, number>();
  readonly #slow = new Set<string>();
  readonly #stopping = new AbortController();
  #timer: AbortController | undefined;
  #idle: (() => void)[] = [];

  constructor(options: KeyedQueueOptions) {
    this.#options = options;
  }

  add(key: string, afterMs = 0): void {
    if (this.#stopping.signal.aborted) return;
    const dueAt = this.#options.clock.now() + afterMs;
    if (this.#running.has(key)) {
      this.#again.set(key, Math.min(dueAt, this.#again.get(key) ?? Infinity));
      return;
    }
    const waiting = this.#waiting.get(key);
    if (waiting) waiting.dueAt = Math.min(waiting.dueAt, dueAt);
    else this.#waiting.set(key, { dueAt });
    this.#pump();
  }

  /** Resolves when no key is being handled and none is due. */
  async settled(): Promise<void> {
    if (this.#running.size === 0 && !this.#nextDue(this.#options.clock.now())) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#timer?.abort();
    this.#waiting.clear();
    this.#again.clear();
    await Promise.all(this.#running.values());
  }

  #pump(): void {
    const now = this.#options.clock.now();
    let key: string | undefined;
    while (this.#running.size < this.#options.runningMax && (key = this.#nextDue(now)) !== undefined) {
      this.#waiting.delete(key);
      this.#running.set(key, this.#run(key));
    }
    this.#arm(now);
    if (this.#running.size === 0 && !this.#nextDue(now)) for (const wake of this.#idle.splice(0)) wake();
  }

  #nextDue(now: number): string | undefined {
    const isStartable = this.#startable();
    for (const [key, { dueAt }] of this.#waiting) if (dueAt <= now && isStartable(key)) return key;
    return undefined;
  }

  /** A slow key waits for one of the places of slow keys, however many others are free. */
  #startable(): (key: string) => boolean {
    const { slow } = this.#options;
    const slowRunning = [...this.#running.keys()].filter((key) => this.#slow.has(key)).length;
    if (!slow || slowRunning < slow.runningMax) return () => true;
    return (key) => !this.#slow.has(key);
  }

  #remember(key: string, tookMs: number): void {
    const { slow } = this.#options;
    this.#slow.delete(key);
    if (slow && tookMs > slow.afterMs && this.#slow.size < slowKeysMax) this.#slow.add(key);
  }

  /** One timer for the earliest key that is not due yet. */
  #arm(now: number): void {
    // A reason of its own, because the one that is made otherwise collects a stack on every call.
    this.#timer?.abort('armed anew');
    this.#timer = undefined;
    if (this.#stopping.signal.aborted || this.#running.size >= this.#options.runningMax) return;
    let earliest = Infinity;
    const isStartable = this.#startable();
    for (const [key, { dueAt }] of this.#waiting) if (isStartable(key)) earliest = Math.min(earliest, dueAt);
    if (earliest === Infinity) return;
    const timer = new AbortController();
    this.#timer = timer;
    void this.#options.clock.sleep(Math.max(0, earliest - now), timer.signal).then(() => {
      if (!timer.signal.aborted) this.#pump();
    });
  }

  async #run(key: string): Promise<void> {
    // One turn of the event loop first, so that keys added together start together and `handle` never runs inside `add`.
    await Promise.resolve();
    // Whoever added the key in the meantime is served by this very run.
    if ((this.#again.get(key) ?? Infinity) <= this.#options.clock.now()) this.#again.delete(key);
    const begunAt = this.#options.clock.now();
    let afterMs: number | undefined;
    try {
      afterMs = await this.#options.handle(key);
    } catch (error) {
      afterMs = this.#options.onError(key, error);
    }
    this.#running.delete(key);
    this.#remember(key, this.#options.clock.now() - begunAt);
    const again = this.#again.get(key);
    this.#again.delete(key);
    if (again !== undefined) this.add(key, Math.max(0, again - this.#options.clock.now()));
    if (afterMs !== undefined) this.add(key, afterMs);
    this.#pump();
  }
}
