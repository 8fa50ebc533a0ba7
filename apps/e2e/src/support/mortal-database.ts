import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createDatabase, migrate, Store, type Patience } from '@flotilla/control-store';
import { createIds, systemClock } from '@flotilla/foundation';
import {
  startPostgres,
  temporaryDirectory,
  until,
  type PostgresServer,
  type TemporaryDirectory,
} from '@flotilla/testing';

/** Short, so that a test can see the end of each. */
const patience: Patience = {
  connectionMs: 2_000,
  lockMs: 500,
  statementMs: 1_000,
  answerMs: 2_000,
  nextStatementMs: 1_300,
};

/** A real PostgreSQL that can be killed and started again on what it kept, and stores that go on with it. */
export class MortalDatabase {
  readonly directory: string;
  readonly #place: TemporaryDirectory;
  readonly #open: DataSource[] = [];
  #server: PostgresServer;

  private constructor(place: TemporaryDirectory, server: PostgresServer) {
    this.directory = place.path;
    this.#place = place;
    this.#server = server;
  }

  static async start(): Promise<MortalDatabase> {
    const place = await temporaryDirectory('mortal');
    return new MortalDatabase(place, await startPostgres({ directory: join(place.path, 'postgres'), outlive: 'kill' }));
  }

  get port(): number {
    return this.#server.port;
  }

  createDatabase(name: string): Promise<string> {
    return this.#server.createDatabase(name);
  }

  /** A store with a pool of its own, over another port when one is named. */
  async store(url: string, { port = this.port, poolMax = 4 } = {}): Promise<{ store: Store; database: DataSource }> {
    const database = createDatabase({ url: url.replace(`:${this.port}/`, `:${port}/`), poolMax, patience });
    await database.initialize();
    this.#open.push(database);
    return {
      database,
      store: new Store({ database, ids: createIds(), clock: systemClock, announce: () => undefined }),
    };
  }

  /** A store in a database of its own, with all tables. */
  async migrated(name: string, options: { port?: number; poolMax?: number } = {}) {
    const url = await this.createDatabase(name);
    const opened = await this.store(url, options);
    await migrate(opened.database);
    return { ...opened, url };
  }

  async kill(): Promise<void> {
    this.#server.child.kill('SIGKILL');
    await this.#server.child.exited;
  }

  async startAgain(): Promise<void> {
    // Sessions of the one before may still be leaving, and it does not start beside them.
    const start = () =>
      startPostgres({ directory: join(this.directory, 'postgres'), port: this.port, outlive: 'kill' });
    this.#server = await until(start, { what: 'PostgreSQL', timeoutMs: 60_000 });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#open.map((database) => database.destroy().catch(() => undefined)));
    await this.#server.stop();
    await this.#place.remove();
  }
}
