import { isoTime, type Clock, type Fault } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import type { WorkError } from '../rows/work.row.ts';
import type { ClaimedWork, ComesBack, WorkTable } from '../work/work-table.port.ts';

interface Row {
  readonly kind: WorkKind;
  readonly key: string;
  readonly version: number;
  readonly attempts: number;
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

  /** Says that these keys have to be looked at. */
  mark(kind: WorkKind, keys: Iterable<string>): void {
    const now = this.#clock.now();
    for (const key of keys) {
      const { version = 0, dueAt = now, ...row } = this.#rows.get(`${kind}/${key}`) ?? {};
      this.#put({ ...row, kind, key, version: version + 1, attempts: 0, dueAt: Math.min(dueAt, now) });
    }
  }

  /** What waits, with the error that it waits with. */
  waiting(): readonly { readonly kind: WorkKind; readonly key: string; readonly error?: WorkError | undefined }[] {
    return [...this.#rows.values()].map(({ kind, key, error }) => ({ kind, key, ...(error && { error }) }));
  }

  async claim(kind: WorkKind, most: number, leaseMs: number): Promise<readonly ClaimedWork[]> {
    const now = this.#clock.now();
    const due = [...this.#rows.values()].filter(
      (row) => row.kind === kind && row.dueAt <= now && (row.claimedUntil ?? -Infinity) < now,
    );
    const taken = due.toSorted((left, right) => left.dueAt - right.dueAt).slice(0, most);
    return taken.map((row) => {
      const { key, version } = row;
      const attempts = row.attempts + 1;
      this.#put({ ...row, attempts, claimedUntil: now + leaseMs });
      return { kind, key, version: String(version), attempts, traceparent: null };
    });
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
    else this.#put({ ...row, claimedUntil: undefined, dueAt: Math.min(row.dueAt, this.#clock.now()) });
  }

  async comeBack(work: ClaimedWork, afterMs: number): Promise<void> {
    const row = this.#rowOf(work);
    if (!row) return;
    const dueAt = isSeen(row, work) ? this.#clock.now() + afterMs : row.dueAt;
    this.#put({ ...row, attempts: 0, claimedUntil: undefined, error: undefined, dueAt });
  }

  async fail(work: ClaimedWork, fault: Fault, { afterMs = Infinity, now }: ComesBack): Promise<void> {
    const row = this.#rowOf(work);
    if (!row) return;
    const { reason, message, consequence } = fault;
    const error = {
      reason,
      message,
      at: isoTime(now),
      ...(consequence.kind === 'stall' && { until: consequence.until }),
    };
    const dueAt = this.#clock.now() + (isSeen(row, work) ? afterMs : 0);
    this.#put({ ...row, claimedUntil: undefined, error, dueAt });
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
