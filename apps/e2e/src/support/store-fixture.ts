import type { DataSource } from 'typeorm';
import { createDatabase, migrate, Store, type Announcement } from '@flotilla/control-store';
import { createIds, systemClock } from '@flotilla/foundation';
import { startPostgres, temporaryDirectory, type PostgresServer, type TemporaryDirectory } from '@flotilla/testing';

/** A real PostgreSQL for one spec file. Each test takes a database of its own. */
export class StoreFixture {
  readonly #open: DataSource[] = [];
  #running: { readonly directory: TemporaryDirectory; readonly server: PostgresServer } | undefined;
  #count = 0;

  static async start(): Promise<StoreFixture> {
    const fixture = new StoreFixture();
    await fixture.start();
    return fixture;
  }

  async start(): Promise<void> {
    const directory = await temporaryDirectory('postgres');
    this.#running = { directory, server: await startPostgres({ directory: directory.path, fast: true }) };
  }

  /** An empty database, migrated, and every announcement that its store makes. */
  async store(): Promise<{ store: Store; database: DataSource; announced: Announcement[] }> {
    const database = await this.database();
    await migrate(database);
    const announced: Announcement[] = [];
    const store = new Store({ database, ids: createIds(), clock: systemClock, announce: (one) => announced.push(one) });
    return { store, database, announced };
  }

  async database(): Promise<DataSource> {
    const database = createDatabase({ url: await this.#running!.server.createDatabase(`test${++this.#count}`) });
    await database.initialize();
    this.#open.push(database);
    return database;
  }

  /** Closes every store, after a test: PostgreSQL takes a bounded number of connections, and each store keeps some. */
  async closeStores(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((database) => database.destroy().catch(() => undefined)));
  }

  async stop(): Promise<void> {
    await this.closeStores();
    await this.#running?.server.stop();
    await this.#running?.directory.remove();
  }
}
