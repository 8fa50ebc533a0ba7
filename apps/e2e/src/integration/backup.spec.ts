import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { checkBackup, restoreBackup, RecoveryStore, Store, writeBackup } from '@flotilla/control-store';
import { writtenBackup } from '@flotilla/control-store/testing';
import { createIds, systemClock } from '@flotilla/foundation';
import { noFence, systemActor } from '@flotilla/model';
import { DeliveryStore, LivenessStore, migrate } from '@flotilla/control-store';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openPlane } from '../support/store-plane.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const version = '0.1.0';
const heardAnew = ['liveness', 'last_report', 'listener', 'stranger'];

/** A record in which something of everything stands. */
async function openRecord() {
  const plane = await openPlane(fixture);
  const { uid } = await plane.join('c1', { dev: 'true' });
  plane.commit({ 'services/checkout/dev/a.yaml': 'a: 1' });
  await plane.look();
  await plane.plan('checkout');
  return { ...plane, cluster: uid };
}

async function linesOf(database: DataSource, onLine: (line: string) => Promise<void> | void = () => undefined) {
  const lines: string[] = [];
  for await (const line of writeBackup(database, { version, now: systemClock.now() })) {
    lines.push(line.trimEnd());
    await onLine(line);
  }
  return lines;
}

async function* streamed(lines: Iterable<string>, breaksAfter = Number.POSITIVE_INFINITY): AsyncGenerator<string> {
  let count = 0;
  for (const line of lines) {
    if (count++ === breaksAfter) throw new Error('the disk went away');
    yield line;
  }
}

const storeOver = (database: DataSource) =>
  new Store({ database, ids: createIds(), clock: systemClock, announce: () => undefined });

async function tableNames(database: DataSource): Promise<string[]> {
  const rows = await database.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

async function contentOf(database: DataSource): Promise<Record<string, string[]>> {
  const content: Record<string, string[]> = {};
  for (const table of await tableNames(database)) {
    const rows = await database.query<{ row: string }[]>(
      `SELECT to_jsonb(each)::text AS row FROM "${table}" each ORDER BY 1`,
    );
    content[table] = rows.map(({ row }) => row);
  }
  return content;
}

describe('a backup of the record', () => {
  it('brings every table back as it was, but for what is heard anew, and says that it was restored', async () => {
    const { database } = await openRecord().then(({ store }) => ({ database: store.manager.connection }));
    const lines = await linesOf(database);
    const empty = await fixture.database();
    await restoreBackup(empty, () => streamed(lines));
    const [before, after] = [await contentOf(database), await contentOf(empty)];
    const own = ['restore', 'ledger', 'migration'];
    for (const table of [...heardAnew, ...own]) delete before[table];
    const marks = { restores: after['restore']!.length, ledger: after['ledger']!.at(-1) };
    for (const table of [...heardAnew, ...own]) delete after[table];
    expect(after).toEqual(before);
    expect(marks).toEqual({ restores: 1, ledger: expect.stringContaining('the database was restored') });
    // Counting goes on behind what was given out, and whoever starts on it has nothing to migrate.
    await migrate(empty);
    await new RecoveryStore(storeOver(empty)).recover({ epoch: 1, reason: 'test', by: systemActor('test') });
  });

  it('is of one moment, whatever is written meanwhile', async () => {
    const { store, join } = await openRecord();
    const lines = await linesOf(store.manager.connection, async (line) => {
      if (line.startsWith('#table api_token')) await join('later', {});
    });
    expect(lines.filter((line) => line.includes('"later"'))).toEqual([]);
  });

  it('that an older Flotilla wrote is brought up to date', async () => {
    const set = { cluster: 'c', epoch: 1, generation: 5, digest: 'd' };
    const older = [...writtenBackup(['FirstTables1700000000000'], { desired_set: [set], epoch: [{ epoch: 1 }] })];
    const empty = await fixture.database();
    await restoreBackup(empty, () => streamed(older));
    expect(await empty.query('SELECT * FROM issued_set')).toEqual([set]);
  });

  it('that a newer Flotilla wrote is refused by name', async () => {
    const newer = [...writtenBackup(['FirstTables1700000000000', 'Later9900000000000'], { epoch: [{ epoch: 1 }] })];
    const empty = await fixture.database();
    await expect(restoreBackup(empty, () => streamed(newer))).rejects.toMatchObject({ reason: 'BackupTooNew' });
    expect(await tableNames(empty)).toEqual([]);
  });

  it('goes into an empty database only, and says the way out', async () => {
    const { store } = await openRecord();
    const lines = await linesOf(store.manager.connection);
    const before = await contentOf(store.manager.connection);
    await expect(restoreBackup(store.manager.connection, () => streamed(lines))).rejects.toMatchObject({
      reason: 'DatabaseNotEmpty',
      message: expect.stringContaining('create an empty database'),
    });
    expect(await contentOf(store.manager.connection)).toEqual(before);
  });

  it('whose stream breaks anywhere leaves the database empty, and can be restored afterwards', async () => {
    const { store } = await openRecord();
    const lines = await linesOf(store.manager.connection);
    const empty = await fixture.database();
    for (const breaksAfter of [0, 1, 5, Math.floor(lines.length / 2), lines.length - 1]) {
      // Sound while it is checked, and broken while it is read again: the worst moment there is.
      let reads = 0;
      const open = () => streamed(lines, reads++ === 0 ? undefined : breaksAfter);
      await expect(restoreBackup(empty, open)).rejects.toThrow('the disk went away');
      expect(await tableNames(empty)).toEqual([]);
    }
    const forged = lines.map((line) => line.replace('"c1"', '"c2"'));
    let reads = 0;
    await expect(restoreBackup(empty, () => streamed(reads++ === 0 ? lines : forged))).rejects.toMatchObject({
      reason: 'BackupBroken',
    });
    await restoreBackup(empty, () => streamed(lines));
    expect((await checkBackup(streamed(await linesOf(empty)))).tables.length).toBeGreaterThan(10);
  });
});

describe('AT-43: a restored record sends nothing', () => {
  const hello = (cluster: string, generation: number) => ({
    cluster,
    at: systemClock.now(),
    instance: 'i',
    leaseTransitions: 1,
    protocol: 1,
    fence: { epoch: generation === 0 ? 0 : 1, generation },
    setDigest: '',
    statusDigest: '',
    facts: { kubernetesVersion: 'v1', agentVersion: 'v1' },
  });

  async function openRestored() {
    const { store, cluster, join } = await openRecord();
    const { uid: other } = await join('c2', {});
    const empty = await fixture.database();
    const lines = await linesOf(store.manager.connection);
    await restoreBackup(empty, () => streamed(lines));
    const restored = storeOver(empty);
    const liveness = new LivenessStore(restored);
    return { cluster, other, liveness, record: new DeliveryStore(restored), recovery: new RecoveryStore(restored) };
  }

  it('to a cluster that was not heard yet', async () => {
    const { cluster, record, liveness } = await openRestored();
    await expect(record.setFor(cluster, 'last-heard')).rejects.toMatchObject({ reason: 'SetHeldBack' });
    await liveness.heard([hello(cluster, 0)]);
    expect((await record.setFor(cluster, 'last-heard'))?.fence).toEqual({ epoch: 1, generation: 1 });
  });

  it('to anybody while one cluster is ahead of it, until a person recovers', async () => {
    const { cluster, other, record, recovery, liveness } = await openRestored();
    await liveness.heard([hello(cluster, 0), hello(other, 7)]);
    expect(await record.behind(new Map([[cluster, noFence]]))).toEqual([]);
    await expect(record.setFor(cluster, noFence)).rejects.toMatchObject({ reason: 'SetHeldBack' });
    const order = { epoch: 1, reason: 'restored', by: systemActor('test') };
    expect(await recovery.recover(order)).toEqual({ epoch: 2, opened: true });
    expect(await record.behind(new Map([[cluster, noFence]]))).toEqual([cluster]);
    expect((await record.setFor(other, 'last-heard'))?.fence).toEqual({ epoch: 2, generation: 8 });
  });

  it('and goes on once a person has seen that nobody is ahead', async () => {
    const { cluster, record, recovery } = await openRestored();
    const order = { epoch: 1, reason: 'restored', by: systemActor('test') };
    expect(await recovery.recover(order)).toEqual({ epoch: 1, opened: false });
    expect((await record.setFor(cluster, 'last-heard'))?.fence).toEqual({ epoch: 1, generation: 1 });
  });
});
