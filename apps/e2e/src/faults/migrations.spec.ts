import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, migrate, type Store } from '@flotilla/control-store';
import { createPlaneSecrets, freePort, serviceProcess, startChild, until, type Child } from '@flotilla/testing';
import { MortalDatabase } from '../support/mortal-database.ts';

let server: MortalDatabase;
const secrets = createPlaneSecrets();
const children: Child[] = [];

beforeAll(async () => {
  server = await MortalDatabase.start();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => server?.stop());

/** A replica as it is started anywhere. It looks after its tables first, and then waits for a broker that never comes. */
async function startReplica(databaseUrl: string): Promise<Child & { readonly logFile: string }> {
  const logFile = join(server.directory, `replica-${children.length}.log`);
  const [gatewayPort, healthPort, nowhere] = [await freePort(), await freePort(), await freePort()];
  const child = startChild(
    serviceProcess('sources', {
      secrets,
      databaseUrl,
      natsUrl: `nats://127.0.0.1:${nowhere}`,
      gatewayPort,
      healthPort,
      logFile,
      cacheDirectory: join(server.directory, 'cache'),
    }),
  );
  children.push(child);
  return Object.assign(child, { logFile });
}

const gate = 4_711;

/** Whoever creates the ledger, which is in the middle of the first migration, waits until the gate is open. */
const holdInTheMiddle = `
  CREATE FUNCTION wait_in_the_middle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'public.ledger') THEN
      PERFORM pg_advisory_lock_shared(${gate});
      PERFORM pg_advisory_unlock_shared(${gate});
    END IF;
  END $$;
  CREATE EVENT TRIGGER middle ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION wait_in_the_middle();`;

const sessions = (store: Store, wait: 'in the middle' | 'for another') =>
  store.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'flotilla-sources'
     AND datname = current_database() AND (query LIKE 'SELECT pg_advisory_lock(%') = $1`,
    [wait === 'for another'],
  );

async function tables(store: Store): Promise<string[]> {
  const rows = await store.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('migration', 'typeorm_metadata')`,
  );
  return rows.map(({ name }) => name).toSorted();
}

describe('AT-38: a migration', () => {
  it('killed half-way leaves nothing of itself; the replica that waited for it finishes it, once', async () => {
    const whole = await server.migrated('whole');
    const url = await server.createDatabase('halfway');
    const { store, database } = await server.store(url);
    await store.query(holdInTheMiddle);
    const held = database.createQueryRunner();
    await held.query('SELECT pg_advisory_lock($1)', [gate]);
    const first = await startReplica(url);
    await until(async () => (await sessions(store, 'in the middle')).length === 1, {
      what: 'a replica in the middle of its migration',
      timeoutMs: 60_000,
    });
    await startReplica(url);
    await until(async () => (await sessions(store, 'for another')).length === 1, {
      what: 'a second replica that waits for the first',
      timeoutMs: 60_000,
    });
    first.kill('SIGKILL');
    await first.exited;
    const halfway = await tables(store);
    await held.query('SELECT pg_advisory_unlock_all()');
    await held.release();
    await until(async () => (await tables(store)).includes('ledger'), { what: 'all tables', timeoutMs: 60_000 });
    const executed = await store.query<{ name: string }>('SELECT name FROM migration ORDER BY id');
    expect({ halfway, tables: await tables(store), executed }).toEqual({
      halfway: [],
      tables: await tables(whole.store),
      executed: await whole.store.query('SELECT name FROM migration ORDER BY id'),
    });
  });

  it('AT-41: to which newer code has only added are lived with', async () => {
    const { store, url } = await server.migrated('added');
    await store.query(`INSERT INTO migration (timestamp, name) VALUES (1900000000000, 'AddedColors1900000000000')`);
    await expect(migrate(createDatabase({ url }))).resolves.toBeUndefined();
  });

  it('from which newer code has taken something are met with a word about what to do, and not touched', async () => {
    const { store, url } = await server.migrated('newer');
    await store.query(`INSERT INTO migration (timestamp, name) VALUES (1900000000000, 'NarrowTargets1900000000000')`);
    const replica = await startReplica(url);
    const ended = await replica.exited;
    const log = await readFile(replica.logFile, 'utf8');
    expect({
      ended,
      said: /NarrowTargets1900000000000\), .*: start that version, or restore the backup/.test(log),
    }).toEqual({
      ended: 'exit code 1',
      said: true,
    });
  });
});
