import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource, QueryRunner } from 'typeorm';
import {
  checkBackup,
  createDatabase,
  gatewayRetention,
  restoreBackup,
  sealLedger,
  Store,
  StoredLedger,
  sweepTable,
  writeBackup,
} from '@flotilla/control-store';
import { createIds, systemClock } from '@flotilla/foundation';
import { chainStart, systemActor, type ChainPoint, type LedgerLine } from '@flotilla/model';
import { ChainCheck } from '@flotilla/model/node';
import { storeOfSpec } from '../support/store-of-spec.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const letters = ['a', 'b', 'c', 'd', 'e', 'f'];

const storeOver = (database: DataSource) =>
  new Store({ database, ids: createIds(), clock: systemClock, announce: () => undefined });

const event = (subject: string) => ({
  project: 'default',
  actor: systemActor('test'),
  action: 'target.suspend' as const,
  subject,
  message: 'the disk is full; it says "no"\n\u2028',
});

const write = (store: Store, ...subjects: string[]) =>
  store.transact(async (transaction) => subjects.forEach((subject) => transaction.record(event(subject))));

/** The whole chain, page by page, as everybody reads it. */
async function chainOf(store: Store) {
  const ledger = new StoredLedger(store);
  const lines: LedgerLine[] = [];
  for (;;) {
    const { anchor, head, unsealed, lines: page } = await ledger.chain({ after: lines.at(-1)?.seq, limit: 50 });
    lines.push(...page);
    if (page.length === 0) return { anchor, head, unsealed, lines };
  }
}

/** What a check of the stored chain says, in short. */
async function verdictOf(store: Store, known?: ChainPoint) {
  const { anchor, head, lines, unsealed } = await chainOf(store);
  const check = new ChainCheck(anchor, known);
  lines.forEach((line) => check.take(line));
  const { misfit, fitting } = check.end(head);
  return { fitting, unsealed, ...(misfit && { misfit: `${misfit.kind} ${misfit.seq}` }) };
}

const subjectsOf = async (store: Store) => (await chainOf(store)).lines.map(({ subject }) => subject);

/** Seals over a connection of its own, which the server ends before its n-th statement. */
async function sealAndDie(database: DataSource, dieAt: number): Promise<void> {
  const { url } = database.options as { url?: string };
  const own = await createDatabase({ url: url!, poolMax: 1 }).initialize();
  const dying = Object.create(own) as DataSource;
  dying.createQueryRunner = () => {
    const runner: QueryRunner = own.createQueryRunner();
    const query = runner.query.bind(runner);
    let statements = 0;
    runner.query = async (...statement: Parameters<typeof query>) => {
      if (statements++ === dieAt) await end(await query('SELECT pg_backend_pid() AS pid'));
      return query(...statement);
    };
    return runner;
  };
  const end = async (rows: unknown) => {
    const [{ pid }] = rows as [{ pid: number }];
    await database.query('SELECT pg_terminate_backend($1)', [pid]);
  };
  try {
    await sealLedger(storeOver(dying));
  } finally {
    await own.destroy();
  }
}

describe('sealing', () => {
  it('puts what is committed into the chain, in order and once, and has nothing to do afterwards', async () => {
    const { store } = await fixture.store();
    await write(store, 'a', 'b');
    const first = await sealLedger(store);
    await write(store, 'c');
    expect([first, await sealLedger(store), await sealLedger(store)]).toEqual([2, 1, 0]);
    expect([await subjectsOf(store), await verdictOf(store)]).toEqual([['a', 'b', 'c'], { fitting: 3, unsealed: 0 }]);
  });

  it('takes a line that commits late when it comes, behind those that were written after it', async () => {
    const { store } = await fixture.store();
    const written = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const late = store.manager.connection.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO ledger (at, project, actor, action, subject, message) VALUES (now(), 'default', 'a', 'x', 'late', 'm')`,
      );
      written.resolve();
      await go.promise;
    });
    await written.promise;
    await write(store, 'early');
    await sealLedger(store);
    const before = await subjectsOf(store);
    go.resolve();
    await late;
    await sealLedger(store);
    const { lines } = await chainOf(store);
    expect([before, lines.map(({ subject }) => subject), lines.map(({ id }) => Number(id))]).toEqual([
      ['early'],
      ['early', 'late'],
      [2, 1],
    ]);
    expect(await verdictOf(store)).toEqual({ fitting: 2, unsealed: 0 });
  });

  it('by two at once, while many write, passes over no line and gives none a place twice', async () => {
    const { store, database } = await fixture.store();
    const stopping = new AbortController();
    const sealing = [store, storeOver(database)].map(async (sealer) => {
      while (!stopping.signal.aborted) await sealLedger(sealer);
    });
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let count = 0; count < 40; count++) await write(store, `${writer}/${count}/0`, `${writer}/${count}/1`);
    });
    await Promise.all(writers);
    stopping.abort();
    await Promise.all(sealing);
    await sealLedger(store);
    const subjects = await subjectsOf(store);
    expect([new Set(subjects).size, await verdictOf(store)]).toEqual([640, { fitting: 640, unsealed: 0 }]);
  }, 60_000);

  it('that is killed before any of its statements has done nothing, and the next goes on', async () => {
    const { store, database } = await fixture.store();
    const statements = [
      'asked',
      'begun',
      'took the head',
      'read the lines',
      'wrote them',
      'moved the head',
      'committed',
    ];
    for (const [dieAt, step] of statements.entries()) {
      await write(store, `${dieAt}/a`, `${dieAt}/b`);
      const end = await sealAndDie(database, dieAt).catch(() => 'died');
      const died = await verdictOf(store);
      await sealLedger(store);
      expect([step, end, died, await verdictOf(store)]).toEqual([
        step,
        'died',
        { fitting: dieAt * 2, unsealed: 2 },
        { fitting: dieAt * 2 + 2, unsealed: 0 },
      ]);
    }
  });
});

describe('who writes into the database', () => {
  it.each([
    ['changes a line', `UPDATE ledger SET message = 'it was not me' WHERE seq = 4`, 'changed 4'],
    ['changes who did it', `UPDATE ledger SET actor = 'user:bob' WHERE seq = 1`, 'changed 1'],
    [
      'moves it in time by a microsecond',
      `UPDATE ledger SET at = at + interval '1 microsecond' WHERE seq = 6`,
      'changed 6',
    ],
    ['takes a line out', 'DELETE FROM ledger WHERE seq = 3', 'removed 3'],
    ['takes the last one out', 'DELETE FROM ledger WHERE seq = 6', 'removed 6'],
    ['takes the first one out', 'DELETE FROM ledger WHERE seq = 1', 'removed 1'],
    [
      'takes a line out and closes the gap',
      'DELETE FROM ledger WHERE seq = 3; UPDATE ledger SET seq = seq - 100 WHERE seq > 3; UPDATE ledger SET seq = seq + 99 WHERE seq < 0',
      'changed 3',
    ],
    [
      'swaps two lines',
      'UPDATE ledger SET seq = -seq WHERE seq IN (2, 5); UPDATE ledger SET seq = 7 + seq WHERE seq < 0',
      'changed 2',
    ],
    [
      'puts a line behind the last',
      `INSERT INTO ledger (at, project, actor, action, subject, message, seq, hash) SELECT at, project, actor, action, subject, message, 7, hash FROM ledger WHERE seq = 6`,
      'changed 7',
    ],
    ['says that a line was swept', `UPDATE ledger_chain SET anchor_seq = 2`, 'changed 3'],
  ])('and %s is found', async (_, sql, misfit) => {
    const { store, database } = await fixture.store();
    await write(store, ...letters);
    await sealLedger(store);
    await database.query(sql);
    expect((await verdictOf(store)).misfit).toBe(misfit);
  });
});

describe('retention', () => {
  const dayMs = 86_400_000;
  const [sweep] = gatewayRetention({ ledgerMs: 30 * dayMs });

  it('leaves an anchor behind, from which the chain is checked on, and a noted hash still tells', async () => {
    const { store, database } = await fixture.store();
    await write(store, ...letters);
    await sealLedger(store);
    const { lines } = await chainOf(store);
    const known = lines[4]!;
    // Time cannot be moved without breaking the chain, so what is kept is shortened instead.
    const cut = { ...gatewayRetention({ ledgerMs: 0 })[0]! };
    await write(store, 'open');
    expect([await sweepTable(store, sweep!), await sweepTable(store, cut), await sweepTable(store, cut)]).toEqual([
      0, 6, 0,
    ]);
    await write(store, 'g');
    await sealLedger(store);
    const { anchor, head, lines: left } = await chainOf(store);
    expect({ anchor, left: left.map(({ seq, subject }) => `${seq} ${subject}`), head: head.seq }).toEqual({
      anchor: { seq: 6, hash: lines[5]!.hash },
      left: ['7 open', '8 g'],
      head: 8,
    });
    expect([
      await verdictOf(store, anchor),
      await verdictOf(store, known),
      await verdictOf(store, { ...anchor, hash: 'x' }),
    ]).toEqual([
      { fitting: 2, unsealed: 0 },
      { fitting: 2, unsealed: 0 },
      { fitting: 0, unsealed: 0, misfit: 'changed 6' },
    ]);
    expect((await database.query('SELECT count(*)::int AS count FROM ledger'))[0]).toEqual({ count: 2 });
  });

  it('beside sealing never leaves a chain that does not fit', async () => {
    const { store, database } = await fixture.store();
    const other = storeOver(database);
    const cut = gatewayRetention({ ledgerMs: 0 })[0]!;
    for (let round = 0; round < 15; round++) {
      await write(store, `${round}`);
      await Promise.all([sealLedger(store), sweepTable(other, cut), sealLedger(other)]);
      expect(await verdictOf(store)).not.toHaveProperty('misfit');
    }
  });
});

describe('a restored database', () => {
  it('goes on with the chain of its backup, and the ledger says that it was restored', async () => {
    const { store, database } = await fixture.store();
    await database.query(
      `INSERT INTO cluster (uid, project, name, labels, created_at) VALUES ('c', 'default', 'c', '{}', now())`,
    );
    await write(store, 'a', 'b');
    await sealLedger(store);
    await write(store, 'open');
    const lines: string[] = [];
    for await (const line of writeBackup(database, { version: '1', now: systemClock.now() }))
      lines.push(line.trimEnd());
    const { head } = await chainOf(store);
    await write(store, 'lost');
    await sealLedger(store);
    const lost = (await chainOf(store)).head;
    const opened = async function* () {
      yield* lines;
    };
    expect((await checkBackup(opened())).tables.map(({ name }) => name)).toContain('ledger_chain');
    const empty = await fixture.database();
    await restoreBackup(empty, opened);
    const restored = storeOver(empty);
    await sealLedger(restored);
    const after = await chainOf(restored);
    expect(after.lines.map(({ seq, action, subject }) => `${seq} ${action} ${subject}`)).toEqual([
      '1 target.suspend a',
      '2 target.suspend b',
      '3 target.suspend open',
      '4 fleet.restore Project default',
    ]);
    // What was noted before the backup holds; what was noted after it tells that something was lost.
    expect([await verdictOf(restored, head), await verdictOf(restored, lost)]).toEqual([
      { fitting: 4, unsealed: 0 },
      { fitting: 3, unsealed: 0, misfit: 'changed 4' },
    ]);
  });

  it('of a time before there was a chain gets one', async () => {
    const { store, database } = await fixture.store();
    await write(store, 'a', 'b', 'c');
    await database.query(`UPDATE ledger SET seq = NULL, hash = NULL`);
    expect([await sealLedger(store), await verdictOf(store), (await chainOf(store)).anchor]).toEqual([
      3,
      { fitting: 3, unsealed: 0 },
      chainStart,
    ]);
  });
});

describe('what is listed of the ledger', () => {
  it('is narrowed by who did what and when, and tells the place of each line in the chain', async () => {
    const { store, database } = await fixture.store();
    await write(store, 'a', 'b');
    await sealLedger(store);
    await database.query(
      `INSERT INTO ledger (at, project, actor, action, subject, message) VALUES
       ('2026-01-01T10:00:00Z', 'default', 'user:bob', 'target.resume', 'a', 'm'),
       ('2026-01-01T11:00:00Z', 'default', 'user:bob', 'targeted.x', 'a', 'm'),
       ('2026-01-01T12:00:00Z', 'other', 'user:bob', 'target.resume', 'a', 'm')`,
    );
    const list = async (narrowing: object) => {
      const page = await new StoredLedger(store).events({ project: 'default', page: { limit: 10 }, ...narrowing });
      return page.items.map(({ id, seq }) => (seq === undefined ? id : `${id}=${seq}`));
    };
    const [ten, eleven] = ['2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z'].map((text) => new Date(text));
    expect({
      all: await list({}),
      bob: await list({ actor: 'user:bob' }),
      about: await list({ action: 'target' }),
      one: await list({ action: 'target.resume' }),
      subject: await list({ subject: 'b' }),
      since: await list({ since: eleven }),
      span: await list({ since: ten, until: eleven }),
    }).toEqual({
      all: ['4', '3', '2=2', '1=1'],
      bob: ['4', '3'],
      about: ['3', '2=2', '1=1'],
      one: ['3'],
      subject: ['2=2'],
      since: ['4', '2=2', '1=1'],
      span: ['3'],
    });
  });
});
