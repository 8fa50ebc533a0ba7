import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomBytes } from 'node:crypto';
import type { Store } from '@flotilla/control-store';
import { Fault, toFault, type Running } from '@flotilla/foundation';
import { passing, startFaultProxy, until, type FaultProxy } from '@flotilla/testing';
import { MortalDatabase } from '../support/mortal-database.ts';
import { smallDisk, type SmallDisk } from '../support/small-disk.ts';

let server: MortalDatabase;
let disk: SmallDisk | undefined;
let proxy: FaultProxy | undefined;
const started: Running[] = [];

beforeAll(async () => {
  server = await MortalDatabase.start();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop()));
});
afterAll(async () => {
  await server?.stop();
  await disk?.stop();
});

const event = (subject: string) => ({
  project: 'default',
  actor: { kind: 'user' as const, name: 'ann' },
  action: 'target.suspend' as const,
  subject,
  message: '',
});

const write = (store: Store, subject: string) =>
  store.transact(async (transaction) => transaction.record(event(subject)));

/** How often each was written. */
async function written(store: Store): Promise<Record<string, number>> {
  const rows = await store.query<{ subject: string; count: string }>(
    'SELECT subject, count(*) FROM ledger GROUP BY subject ORDER BY subject',
  );
  return Object.fromEntries(rows.map(({ subject, count }) => [subject, Number(count)]));
}

const reasonOf = (doing: Promise<unknown>) =>
  doing.then(
    () => 'done',
    (error: unknown) => (error instanceof Fault ? error.reason : `surprise: ${toFault(error).message}`),
  );

const well = (store: Store) =>
  until(() => store.query('SELECT 1').then(() => true), { what: 'the database to answer', timeoutMs: 30_000 });

/** Changes when one backend that is killed has taken all others with it, and the server has begun anew. */
const beginningOf = async (store: Store) =>
  (await store.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'`))[0]!.pid;

async function spoilt(options: Parameters<typeof startFaultProxy>[0]): Promise<FaultProxy> {
  proxy = await startFaultProxy(options);
  started.push(proxy);
  return proxy;
}

describe('AT-38: a commit that breaks off', () => {
  const rows = [
    { what: 'the line is cut before it arrives', passes: false, kill: false, wrote: 0 },
    { what: 'the line is cut after it arrived, and before its answer', passes: true, kill: false, wrote: 1 },
    { what: 'the backend is killed before it arrives', passes: false, kill: true, wrote: 0 },
    { what: 'the backend is killed before its answer arrives', passes: true, kill: true, wrote: 1 },
  ];

  it.each(rows)('is told as unknown, and is whole or not there: $what', async ({ passes, kill, wrote, what }) => {
    let armed = false;
    const strike = async () => {
      armed = false;
      if (kill) process.kill(backend, 'SIGKILL');
      else proxy!.cut('reset');
    };
    const line = await spoilt({
      to: server.port,
      filters: () => ({
        up: async (chunk) => {
          if (!armed || passes || !chunk.includes('COMMIT')) return [chunk];
          await strike();
          return kill ? [chunk] : [];
        },
        down: async (chunk) => {
          if (!armed || !passes || !chunk.includes('COMMIT')) return [chunk];
          await strike();
          return [];
        },
      }),
    });
    const name = `commit_${rows.findIndex((row) => row.what === what)}`;
    const { store } = await server.migrated(name, { port: line.port, poolMax: 1 });
    const backend = (await store.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]!.pid;
    const beginning = await beginningOf(store);
    armed = true;
    const told = await reasonOf(write(store, 'once'));
    // It may answer once more before it knows that it lost one.
    const isWell = async () => !kill || (await beginningOf(store)) !== beginning;
    await until(isWell, { what: 'the server to begin anew', timeoutMs: 30_000 });
    await well(store);
    expect({ told, written: await written(store) }).toEqual({
      told: 'CommitUnknown',
      written: wrote === 0 ? {} : { once: wrote },
    });
  });
});

describe('AT-38: a server that is killed', () => {
  it('is told as away, keeps every commit that was told, and is used again without a restart', async () => {
    const { store } = await server.migrated('killed');
    await write(store, 'before');
    await server.kill();
    const meanwhile = [await reasonOf(write(store, 'meanwhile')), await reasonOf(store.query('SELECT 1'))];
    await server.startAgain();
    await well(store);
    await write(store, 'after');
    expect({ meanwhile, written: await written(store) }).toEqual({
      meanwhile: ['DatabaseAway', 'DatabaseAway'],
      written: { after: 1, before: 1 },
    });
  });

  it('in the middle of a transaction leaves nothing of it', async () => {
    const { store } = await server.migrated('middle');
    const broken = store.transact(async (transaction) => {
      transaction.record(event('half'));
      await server.kill();
      await server.startAgain();
      await transaction.query('SELECT 1');
    });
    const told = await reasonOf(broken);
    await well(store);
    expect({ told, written: await written(store) }).toEqual({ told: 'DatabaseAway', written: {} });
  });
});

describe('AT-38: nothing waits for ever', () => {
  /** Holds every connection of a pool until it is let go. */
  async function hold(store: Store, connections: number) {
    const letGo = Promise.withResolvers<void>();
    const holding = Array.from({ length: connections }, () =>
      store.transact(async (transaction) => {
        // Says something now and then, as a transaction that has to be quick does.
        for (let free = false; !free;) {
          await transaction.query('SELECT 1');
          free = await Promise.race([
            letGo.promise.then(() => true),
            new Promise<false>((go) => setTimeout(go, 50, false)),
          ]);
        }
      }),
    );
    return () => {
      letGo.resolve();
      return Promise.all(holding);
    };
  }

  it('for a connection: a pool that is used up says so, and serves again', async () => {
    const { store } = await server.migrated('pool', { poolMax: 2 });
    const letGo = await hold(store, 2);
    const told = await Promise.all([reasonOf(store.query('SELECT 1')), reasonOf(write(store, 'no'))]);
    await letGo();
    await write(store, 'yes');
    expect({ told, written: await written(store) }).toEqual({
      told: ['DatabaseBusy', 'DatabaseBusy'],
      written: { yes: 1 },
    });
  });

  it('for a statement, for a lock, or for the next statement of a transaction', async () => {
    const { store } = await server.migrated('waits');
    const locked = store.transact(async (transaction) => {
      await transaction.query('LOCK TABLE ledger');
      const lock = await reasonOf(write(store, 'locked out'));
      return lock;
    });
    const idle = store.transact(async (transaction) => {
      await transaction.query('SELECT 1');
      for (const _ of [1, 2]) await reasonOf(store.query('SELECT pg_sleep(9)'));
      await transaction.query('SELECT 1');
    });
    expect({
      statement: await reasonOf(store.query('SELECT pg_sleep(9)')),
      lock: await locked.catch(String),
      next: await reasonOf(idle),
      after: await reasonOf(write(store, 'after')),
    }).toEqual({ statement: 'DatabaseSlow', lock: 'DatabaseBusy', next: 'DatabaseAway', after: 'done' });
  });

  const silences: readonly [string, (line: FaultProxy) => void, (line: FaultProxy) => void][] = [
    ['and speaks again', (line) => line.set({ kind: 'silent' }), (line) => line.set(passing)],
    [
      'for good on the lines that stood, and not on new ones',
      ({ connections }) => connections.forEach((connection) => connection.set({ kind: 'silent' })),
      () => undefined,
    ],
  ];

  it.each(silences)('for a server that falls silent %s: the same pool goes on', async (_what, silence, mend) => {
    const line = await spoilt({ to: server.port });
    const name = `silent_${silences.findIndex((row) => row[1] === silence)}`;
    const { store } = await server.migrated(name, { port: line.port, poolMax: 3 });
    await Promise.all([1, 2, 3].map(() => store.query('SELECT pg_sleep(0.1)')));
    silence(line);
    const told = await Promise.all([1, 2, 3].map((each) => reasonOf(write(store, `silent ${each}`))));
    mend(line);
    const after = await Promise.all([1, 2, 3, 4].map((each) => reasonOf(write(store, `after ${each}`))));
    expect({ told: new Set(told), after: new Set(after), written: await written(store) }).toEqual({
      told: new Set(['DatabaseAway']),
      after: new Set(['done']),
      written: { 'after 1': 1, 'after 2': 1, 'after 3': 1, 'after 4': 1 },
    });
  });
});

describe('AT-38: a disk that is full', () => {
  /** Where no small disk can be made, a trigger says what PostgreSQL would. */
  const full = `
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION full_disk();`;

  it('is told as full, keeps what was written, and writes again when there is room', async () => {
    const { store } = await server.migrated('disk');
    disk = await smallDisk();
    if (disk) await store.query(`CREATE TABLESPACE small LOCATION '${disk.path}'`);
    if (disk) await store.query('ALTER TABLE ledger SET TABLESPACE small');
    await write(store, 'before');
    if (!disk) await store.query(full);
    const much = Array.from({ length: 200 }, (_, index) => `${index} ${randomBytes(20_000).toString('hex')}`);
    const told = new Set<string>();
    for (const subject of much) told.add(await reasonOf(write(store, subject)));
    const kept = Object.values(await written(store));
    disk?.enlarge();
    if (!disk) await store.query('DROP TRIGGER full_disk ON ledger');
    expect({
      told: told.has('DatabaseFull') && [...told].filter((reason) => reason !== 'done'),
      kept: new Set(kept),
      after: await reasonOf(write(store, 'after')),
    }).toEqual({ told: ['DatabaseFull'], kept: new Set([1]), after: 'done' });
  });
});

describe('AT-38: two that stand in each other’s way', () => {
  it('both go through when each holds what the other wants', async () => {
    const { store } = await server.migrated('deadlock');
    const both = Promise.withResolvers<void>();
    let holding = 0;
    const cross = (mine: number, yours: number) =>
      store.transact(async (transaction) => {
        await transaction.query('SELECT pg_advisory_xact_lock($1)', [mine]);
        if (++holding >= 2) both.resolve();
        await both.promise;
        // Longer than it takes the server to see that nobody can go on.
        await transaction.query('SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0');
        await transaction.query('SELECT pg_advisory_xact_lock($1)', [yours]);
        transaction.record(event(`${mine} before ${yours}`));
      });
    await Promise.all([cross(1, 2), cross(2, 1)]);
    expect(await written(store)).toEqual({ '1 before 2': 1, '2 before 1': 1 });
  });

  it('goes through when what it read was written meanwhile', async () => {
    const { store } = await server.migrated('serial');
    await store.query(`INSERT INTO work (kind, key, due_at, since) VALUES ('plan', 'a', now(), now())`);
    let attempts = 0;
    await store.transact(async (transaction) => {
      attempts++;
      await transaction.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await transaction.query('SELECT * FROM work');
      if (attempts === 1) await store.query(`UPDATE work SET attempts = 7`);
      await transaction.query(`UPDATE work SET attempts = attempts + 1`);
    });
    expect({ attempts, work: await store.query('SELECT attempts FROM work') }).toEqual({
      attempts: 2,
      work: [{ attempts: 8 }],
    });
  });
});
