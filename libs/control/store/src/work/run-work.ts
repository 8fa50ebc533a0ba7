import { backoffMs, every, Fault, toFault, type Clock, type Random, type Running } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import type { ClaimedWork, WorkTable } from './work-table.port.ts';

/** Who looks at the keys of one kind, and how many at once. */
export interface WorkHandler {
  /** Looks at one key. A number brings the key back after that many milliseconds; nothing means it is done. */
  readonly handle: (work: ClaimedWork, signal: AbortSignal) => Promise<number | undefined>;
  readonly runningMax: number;
  /** How long one look may take. */
  readonly timeLimitMs: number;
}

export interface RunWorkOptions {
  readonly queue: WorkTable;
  readonly handlers: Partial<Record<WorkKind, WorkHandler>>;
  readonly clock: Clock;
  readonly random: Random;
  /** How often to look without being woken. */
  readonly sweepMs: number;
  readonly onFault: (work: ClaimedWork, fault: Fault, comesBackInMs: number | undefined) => void;
  /** The database could not be asked; the next sweep tries again. */
  readonly onError: (error: unknown) => void;
}

/** The loops that claim and finish work, while they run. */
export interface WorkRunner extends Running {
  /** Says that there may be work of this kind now. */
  wake(kind: WorkKind): void;
}

/** A replica that dies holds what it took for this long; one that lives renews it three times as often. */
const leaseMs = 12_000;
const backoff = { baseMs: 500, maxMs: 300_000 };

/** Takes due work, hands it to its handler, and decides, in this one place, when it comes back. */
export function runWork(options: RunWorkOptions): WorkRunner {
  const lanes = new Map<WorkKind, Lane>();
  for (const [kind, handler] of Object.entries(options.handlers) as [WorkKind, WorkHandler][]) {
    lanes.set(kind, new Lane(kind, handler, options));
  }
  const wakeAll = async () => lanes.forEach((lane) => lane.wake());
  const sweep = every({ clock: options.clock, intervalMs: options.sweepMs, run: wakeAll, onError: options.onError });
  return {
    wake: (kind) => lanes.get(kind)?.wake(),
    stop: async () => {
      await sweep.stop();
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
    },
  };
}

/** The work of one kind: as many at once as its handler takes, claimed again as soon as places are free. */
class Lane {
  readonly #kind: WorkKind;
  readonly #handler: WorkHandler;
  readonly #options: RunWorkOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  readonly #renewing: Running;
  #claiming: Promise<void> | undefined;
  #again = false;

  constructor(kind: WorkKind, handler: WorkHandler, options: RunWorkOptions) {
    this.#kind = kind;
    this.#handler = handler;
    this.#options = options;
    const { clock, onError } = options;
    this.#renewing = every({ clock, intervalMs: leaseMs / 3, run: () => this.#renew(), onError });
  }

  wake(): void {
    if (this.#stopping.signal.aborted) return;
    this.#again = true;
    this.#claiming ??= this.#claim().finally(() => {
      this.#claiming = undefined;
      if (this.#again && this.#running.size < this.#handler.runningMax) this.wake();
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#claiming;
    await Promise.all(this.#running.values());
    await this.#renewing.stop();
  }

  async #claim(): Promise<void> {
    this.#again = false;
    const places = this.#handler.runningMax - this.#running.size;
    if (places <= 0) return;
    try {
      const claimed = await this.#options.queue.claim(this.#kind, places, leaseMs);
      for (const work of claimed) this.#start(work);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #renew(): Promise<void> {
    if (this.#running.size > 0) await this.#options.queue.renew(this.#kind, [...this.#running.keys()], leaseMs);
  }

  #start(work: ClaimedWork): void {
    const run = this.#look(work)
      .catch(this.#options.onError)
      .finally(() => {
        this.#running.delete(work.key);
        this.wake();
      });
    this.#running.set(work.key, run);
  }

  async #look(work: ClaimedWork): Promise<void> {
    const { queue, clock, onFault } = this.#options;
    try {
      const again = await this.#handle(work);
      await (again === undefined ? queue.finish(work) : queue.comeBack(work, again));
    } catch (error) {
      const fault = toFault(error, `${work.kind} ${work.key}`);
      const afterMs = this.#comesBackIn(work, fault);
      onFault(work, fault, afterMs);
      await queue.fail(work, fault, { afterMs, now: clock.now() });
    }
  }

  /** A look that takes too long is told to end, and is not waited for: its place is for others. */
  async #handle(work: ClaimedWork): Promise<number | undefined> {
    const { timeLimitMs, handle } = this.#handler;
    const [late, ended] = [new AbortController(), new AbortController()];
    const limit = this.#options.clock.sleep(timeLimitMs, ended.signal).then(() => {
      if (ended.signal.aborted) return undefined;
      late.abort();
      throw tooLong(work, timeLimitMs);
    });
    try {
      return await Promise.race([handle(work, AbortSignal.any([this.#stopping.signal, late.signal])), limit]);
    } finally {
      ended.abort();
    }
  }

  /** The one place that turns what a failure means into a time. */
  #comesBackIn(work: ClaimedWork, fault: Fault): number | undefined {
    const { consequence } = fault;
    if (consequence.kind === 'stall') return undefined;
    const waited = backoffMs(work.attempts, backoff, this.#options.random);
    return consequence.kind === 'retry' && consequence.afterMs !== undefined ? consequence.afterMs : waited;
  }
}

function tooLong({ kind, key }: ClaimedWork, timeLimitMs: number): Fault {
  const message = `looking at ${kind} ${key} took longer than ${timeLimitMs} ms`;
  return new Fault({ code: 'timeout', reason: 'LookTooLong', message });
}
