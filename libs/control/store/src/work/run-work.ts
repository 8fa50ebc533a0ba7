import { backoffMs, every, Fault, toFault, type Clock, type Random, type Running } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import { crashesMax, type ClaimedWork, type WorkTable } from './work-table.port.ts';

/** Who looks at the keys of one kind, and how many at once. */
export interface WorkHandler {
  /** Looks at one key. A number brings the key back after that many milliseconds; nothing means it is done. */
  readonly handle: (work: ClaimedWork, signal: AbortSignal) => Promise<number | undefined>;
  readonly runningMax: number;
  /** How long one look may take. */
  readonly timeLimitMs: number;
  /**
   * A key rests at least this long after a look: what marks it meanwhile shares the next one. One whose looks have
   * become slow rests twenty times as long as the last one took, up to five seconds.
   */
  readonly restMs?: number;
  /** Places that become free while others are taken wait this long for one another: one claim fills them all. */
  readonly gatherMs?: number;
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
/** What of its places a lane gives to one project at most: the rest is there at once for whoever else comes. */
const projectShare = 3 / 4;
/** What a slow look costs is spread over time; nobody waits longer for a count than this. */
const slowRest = { times: 20, maxMs: 5_000 } as const;

/** Takes due work, hands it to its handler, and decides, in this one place, when it comes back. */
export function runWork(options: RunWorkOptions): WorkRunner {
  const lanes = new Map<WorkKind, Lane>();
  for (const [kind, handler] of Object.entries(options.handlers) as [WorkKind, WorkHandler][]) {
    lanes.set(kind, new Lane(kind, handler, options));
  }
  const wakeAll = async () => lanes.forEach((lane) => lane.wake());
  const { clock, sweepMs: intervalMs, onError } = options;
  const sweep = every({ clock, intervalMs, run: wakeAll, onError });
  const suspects = every({ clock, intervalMs, run: (signal) => lookAtSuspects([...lanes.values()], signal), onError });
  return {
    wake: (kind) => lanes.get(kind)?.wake(),
    stop: async () => {
      await Promise.all([sweep.stop(), suspects.stop()]);
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
    },
  };
}

/**
 * Keys whose looks ended with their process, one after another: who is to blame takes only the innocent along that are
 * looked at beside it for the first time, and never one suspect the other.
 */
async function lookAtSuspects(lanes: readonly Lane[], signal: AbortSignal): Promise<void> {
  for (const lane of lanes) while (!signal.aborted && (await lane.lookAtSuspect())) continue;
}

interface Look {
  readonly project: string;
  readonly done: Promise<void>;
}

/** The work of one kind: as many at once as its handler takes, claimed again as soon as places are free. */
class Lane {
  readonly #kind: WorkKind;
  readonly #handler: WorkHandler;
  readonly #options: RunWorkOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Look>();
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

  /** False when there is none: every other key is as innocent as far as anybody knows. */
  async lookAtSuspect(): Promise<boolean> {
    const suspect = await this.#options.queue.claimSuspect(this.#kind, leaseMs);
    if (suspect) await this.#start(suspect);
    return suspect !== undefined;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#claiming;
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    await this.#renewing.stop();
  }

  async #claim(): Promise<void> {
    const { runningMax, gatherMs } = this.#handler;
    if (gatherMs && this.#running.size > 0) await this.#options.clock.sleep(gatherMs, this.#stopping.signal);
    if (this.#stopping.signal.aborted) return;
    this.#again = false;
    const most = runningMax - this.#running.size;
    if (most <= 0) return;
    const projectMax = Math.ceil(runningMax * projectShare);
    try {
      const places = { most, leaseMs, running: this.#runningByProject(), projectMax };
      const claimed = await this.#options.queue.claim(this.#kind, places);
      for (const work of claimed) void this.#start(work);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #runningByProject(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { project } of this.#running.values()) counts.set(project, (counts.get(project) ?? 0) + 1);
    return counts;
  }

  async #renew(): Promise<void> {
    if (this.#running.size > 0) await this.#options.queue.renew(this.#kind, [...this.#running.keys()], leaseMs);
  }

  #start(work: ClaimedWork): Promise<void> {
    const look = work.crashes >= crashesMax ? this.#setAside(work) : this.#look(work);
    const done = look.catch(this.#options.onError).finally(() => {
      this.#running.delete(work.key);
      this.wake();
    });
    this.#running.set(work.key, { project: work.project, done });
    return done;
  }

  /** The look that would be the next to take the process along is not begun. */
  async #setAside(work: ClaimedWork): Promise<void> {
    const { queue, clock, onFault } = this.#options;
    const fault = killsProcess(work);
    onFault(work, fault, undefined);
    await queue.setAside(work, fault, clock.now());
  }

  async #look(work: ClaimedWork): Promise<void> {
    const { queue, clock, onFault } = this.#options;
    const begun = clock.now();
    try {
      const again = await this.#handle(work);
      await this.#rest(clock.now() - begun);
      await (again === undefined ? queue.finish(work) : queue.comeBack(work, again));
    } catch (error) {
      const fault = toFault(error, `${work.kind} ${work.key}`);
      const afterMs = this.#comesBackIn(work, fault);
      onFault(work, fault, afterMs);
      await queue.fail(work, fault, { afterMs, now: clock.now() });
    }
  }

  async #rest(tookMs: number): Promise<void> {
    const { restMs } = this.#handler;
    if (!restMs) return;
    await this.#options.clock.sleep(
      Math.max(restMs, Math.min(slowRest.times * tookMs, slowRest.maxMs)),
      this.#stopping.signal,
    );
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

function killsProcess({ kind, key, crashes }: ClaimedWork): Fault {
  return new Fault({
    code: 'internal',
    reason: 'LookKillsProcess',
    message: `looking at ${kind} ${key} ended with the process ${crashes} times in a row`,
    consequence: { kind: 'stall', until: 'what it reads is mended, and it is replayed' },
  });
}

function tooLong({ kind, key }: ClaimedWork, timeLimitMs: number): Fault {
  const message = `looking at ${kind} ${key} took longer than ${timeLimitMs} ms`;
  return new Fault({ code: 'timeout', reason: 'LookTooLong', message });
}
