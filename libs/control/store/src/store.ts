import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Clock, Ids } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import { commitFault, databaseFault, gaveWay } from './database-fault.ts';
import { rowsOf } from './rows-of.ts';
import { Transaction, type Announcement } from './transaction.ts';
import { writeMarks } from './work/write-marks.ts';

export interface StoreOptions {
  readonly database: DataSource;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Told after each commit what was marked and what changed. Losing an announcement costs latency, nothing else. */
  readonly announce: (announcement: Announcement) => void;
  /** The trace of whoever is at work right now; it is stored with marks and ledger lines. */
  readonly traceparent?: () => string | undefined;
}

const attemptsMax = 4;
const pauseMs = 20;

/** The database as the stores share it: reads, and transactions that announce themselves once they are committed. */
export class Store {
  readonly ids: Ids;
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.ids = options.ids;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  now(): Date {
    return new Date(this.clock.now());
  }

  /** For reads of rows; writes go through `transact`. */
  get manager(): EntityManager {
    return this.#options.database.manager;
  }

  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.#insisting(async () => rowsOf<Row>(await this.#options.database.query(sql, [...parameters])));
  }

  /** Says that this key has to be looked at now, when that is all there is to say: one statement. */
  async mark(kind: WorkKind, key: string): Promise<void> {
    const traceparent = this.#options.traceparent?.();
    await writeMarks(this, [{ kind, key, inMs: 0 }], traceparent);
    this.#announce({ work: [kind], changed: [], traceparent });
  }

  /**
   * Runs `work` in one transaction. Nothing of it is visible, and nothing is announced, unless all of it is. It may run
   * more than once, when PostgreSQL makes it give way to another, so it touches nothing but the transaction.
   */
  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.#insisting(() => this.#transactOnce(work));
  }

  async #transactOnce<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const runner = this.#options.database.createQueryRunner();
    try {
      await runner.connect();
      await runner.startTransaction();
      const transaction = new Transaction(runner.manager, this.#options.traceparent?.());
      const result = await work(transaction);
      const announcement = await transaction.flush();
      await commit(runner);
      this.#announce(announcement);
      return result;
    } catch (error) {
      await rollBack(runner);
      // Of a connection that is gone TypeORM itself complains, and not the database.
      throw databaseFault(error);
    } finally {
      await runner.release();
    }
  }

  /** Two that stand in each other's way are a matter of a moment: one goes through, and then the other. */
  async #insisting<Result>(attempt: () => Promise<Result>): Promise<Result> {
    for (let attempts = 1; ; attempts++) {
      try {
        return await attempt();
      } catch (error) {
        if (!gaveWay(error) || attempts === attemptsMax) throw error;
        await this.#options.clock.sleep(attempts * pauseMs);
      }
    }
  }

  /** What is committed is committed, whether or not anybody can be told of it. */
  #announce(announcement: Announcement): void {
    try {
      this.#options.announce(announcement);
    } catch {
      // Sweeps and screens catch up.
    }
  }
}

async function commit(runner: QueryRunner): Promise<void> {
  try {
    await runner.commitTransaction();
  } catch (error) {
    throw commitFault(error);
  }
}

/** The first error is the one to tell; a connection that is gone cannot be rolled back, and need not be. */
async function rollBack(runner: QueryRunner): Promise<void> {
  if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
}
