import { isoTime, type Clock, type Fault } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import type { WorkError } from '../rows/work.row.ts';
import {
  crashesMax,
  setAsideMs,
  type ClaimedWork,
  type ComesBack,
  type Places,
  type WorkTable,
} from '../work/work-table.port.ts';

interface Row {
  readonly kind: WorkKind;
  readonly key: string;
  readonly project: string;
  readonly version: number;
  readonly attempts: number;
  readonly crashes: number;
  readonly dueAt: number;
  readonly claimedUntil?: number | undefined;
  readonly error?: WorkError | undefined;
}

/** The work table in memory. Each method runs to its end without a pause, so it is a statement. */
export class InMemoryWorkTable implements WorkTable {
  readonly #clock: Clock;
  readonly #rows = new Map<string, Row>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Says that these keys have to be looked at, and whose they are. */
  mark(kind: WorkKind, keys: Iterable<string>, project = 'default'): void {
    const now = this.#clock.now();
    for (const key of keys) {
      const row = this.#rows.get(`${kind}/${key}`);
      const { version = 0, dueAt = now, crashes = 0 } = row ?? {};
      const again = crashes === 0 ? now : now + setAsideMs;
      this.#put({
        ...(row ?? { kind, key, project }),
        version: version + 1,
        attempts: 0,
        crashes,
        dueAt: Math.min(dueAt, again),
      });
    }
  }

  /** A person replays everything that was set aside. */
  replay(): void {
    const aside = [...this.#rows.values()].filter(({ crashes, dueAt }) => crashes > 0 && dueAt === Infinity);
    for (const row of aside) this.#put({ ...row, crashes: 0, error: undefined, dueAt: this.#clock.now() });
  }

  /** What waits, with the error that it waits with. */
  waiting(): readonly { readonly kind: WorkKind; readonly key: string; readonly error?: WorkError | undefined }[] {
    return [...this.#rows.values()].map(({ kind, key, error }) => ({ kind, key, ...(error && { error }) }));
  }

  async claim(kind: WorkKind, { most, leaseMs, running, projectMax }: Places): Promise<readonly ClaimedWork[]> {
    const held = new Map(running);
    const placed = this.#due(kind).flatMap((row) => {
      const place = (held.get(row.project) ?? 0) + 1;
      if (row.crashes > 0 || place > projectMax) return [];
      held.set(row.project, place);
      return [{ row, place }];
    });
    const inTurns = placed.toSorted((left, right) => left.place - right.place || left.row.dueAt - right.row.dueAt);
    return inTurns.slice(0, most).map(({ row }) => this.#take(row, leaseMs));
  }

  async claimSuspect(kind: WorkKind, leaseMs: number): Promise<ClaimedWork | undefined> {
    const suspect = this.#due(kind).find(({ crashes }) => crashes > 0);
    return suspect && this.#take(suspect, leaseMs);
  }

  async renew(kind: WorkKind, keys: readonly string[], leaseMs: number): Promise<void> {
    for (const key of keys) {
      const row = this.#rows.get(`${kind}/${key}`);
      if (row?.claimedUntil !== undefined) this.#put({ ...row, claimedUntil: this.#clock.now() + leaseMs });
    }
  }

  async finish(work: ClaimedWork): Promise<void> {
    const row = this.#rowOf(work);
    if (!row) return;
    if (isSeen(row, work)) this.#rows.delete(`${row.kind}/${row.key}`);
    else this.#put({ ...row, crashes: 0, claimedUntil: undefined, dueAt: Math.min(row.dueAt, this.#clock.now()) });
  }

  async comeBack(work: ClaimedWork, afterMs: number): Promise<void> {
    const row = this.#rowOf(work);
    if (!row) return;
    const dueAt = isSeen(row, work) ? this.#clock.now() + afterMs : row.dueAt;
    this.#put({ ...row, attempts: 0, crashes: 0, claimedUntil: undefined, error: undefined, dueAt });
  }

  async fail(work: ClaimedWork, fault: Fault, { afterMs = Infinity, now }: ComesBack): Promise<void> {
    const row = this.#rowOf(work);
    if (!row) return;
    const dueAt = this.#clock.now() + (isSeen(row, work) ? afterMs : 0);
    this.#put({ ...row, crashes: 0, claimedUntil: undefined, error: errorOf(fault, now), dueAt });
  }

  async setAside(work: ClaimedWork, fault: Fault, now: number): Promise<void> {
    const row = this.#rowOf(work);
    if (!row) return;
    const aside = { crashes: crashesMax - 1, claimedUntil: undefined, dueAt: Infinity };
    this.#put({ ...row, ...aside, error: errorOf(fault, now) });
  }

  /** What is due and held by nobody, in the order in which it came due. */
  #due(kind: WorkKind): Row[] {
    const now = this.#clock.now();
    const due = [...this.#rows.values()].filter(
      (row) => row.kind === kind && row.dueAt <= now && (row.claimedUntil ?? -Infinity) < now,
    );
    return due.toSorted((left, right) => left.dueAt - right.dueAt);
  }

  #take(row: Row, leaseMs: number): ClaimedWork {
    const { kind, key, project, version } = row;
    const attempts = row.attempts + 1;
    const crashes = row.crashes + (row.claimedUntil === undefined ? 0 : 1);
    this.#put({ ...row, attempts, crashes, claimedUntil: this.#clock.now() + leaseMs });
    return { kind, key, project, version: String(version), attempts, crashes, traceparent: null };
  }

  #rowOf({ kind, key }: ClaimedWork): Row | undefined {
    return this.#rows.get(`${kind}/${key}`);
  }

  #put(row: Row): void {
    this.#rows.set(`${row.kind}/${row.key}`, row);
  }
}

function isSeen(row: Row, work: ClaimedWork): boolean {
  return String(row.version) === work.version;
}

function errorOf({ reason, message, consequence }: Fault, now: number): WorkError {
  return { reason, message, at: isoTime(now), ...(consequence.kind === 'stall' && { until: consequence.until }) };
}
