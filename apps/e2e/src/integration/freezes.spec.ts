import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LivenessStore, StoredLedger, StoredSources } from '@flotilla/control-store';
import { isoTime, systemClock } from '@flotilla/foundation';
import { blastText, clusterNameLabel, noFence, type FreezeDocument } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openTarget, reportOf, statusOf } from '../support/stored-target.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const project = 'default';
const whole = { limit: 100 };

/** `checkout` runs on `c1`, which was heard a moment ago, and on `c2`, of which nobody has heard yet. */
async function openFleet() {
  const opened = await openTarget(fixture);
  await opened.join('c2', { dev: 'true' });
  await opened.plan('checkout');
  const { cluster, store } = opened;
  const facts = { kubernetesVersion: 'v1.34.0', agentVersion: '0.1.0' };
  const said = { cluster, instance: 'i', leaseTransitions: 1, fence: noFence, statusDigest: '', setDigest: '', facts };
  await new LivenessStore(store).heard([{ ...said, at: systemClock.now(), protocol: 1 }]);
  const standing = async (name: string) => {
    const record = await new StoredSources(store).document(project, 'Freeze', name);
    const { state, clusters, acknowledged, offline, unplanned } = record!.freeze!;
    return { state, clusters, acknowledged, offline, unplanned };
  };
  const acknowledge = async (number: number) => {
    const { entries } = (await opened.record.setFor(cluster, noFence))!;
    await opened.statuses.store([reportOf(cluster, number, [statusOf(entries[0]!)])], systemClock.now());
  };
  const told = async () => {
    const { items } = await new StoredLedger(store).events({ project, page: whole });
    return items
      .filter(({ action }) => /freeze|glass/.test(action))
      .map(({ action, message }) => `${action}: ${message}`);
  };
  /** What is marked is planned, as the service would; marks of the set-up are forgotten first. */
  const planMarked = async () => {
    const due = await store.query<{ key: string }>(`DELETE FROM work WHERE kind = 'plan' RETURNING key`);
    if (due.length > 0) await opened.plan('checkout');
    return due.length;
  };
  await planMarked();
  return { ...opened, standing, acknowledge, told, planMarked };
}

describe('AT-38: a freeze in the record', () => {
  it('is acknowledged by the clusters that reported it, and says who is offline and what is not planned yet', async () => {
    const fleet = await openFleet();
    await fleet.freeze('year-end');
    const ordered = await fleet.standing('year-end');
    await fleet.planMarked();
    const planned = await fleet.standing('year-end');
    await fleet.acknowledge(1);
    expect([ordered, planned, await fleet.standing('year-end')]).toEqual([
      { state: 'InForce', clusters: 0, acknowledged: 0, offline: 0, unplanned: 1 },
      { state: 'InForce', clusters: 2, acknowledged: 0, offline: 1, unplanned: 0 },
      { state: 'InForce', clusters: 2, acknowledged: 1, offline: 1, unplanned: 0 },
    ]);
  });

  it.each<[string, Partial<FreezeDocument['spec']>, string]>([
    [
      'applications and environments, by their globs',
      { applications: ['check*'], environments: ['d?v'] },
      '2 targets (1 application, 1 environment, 2 clusters)',
    ],
    [
      'clusters, by their labels',
      { clusters: { matchLabels: { [clusterNameLabel]: 'c2' } } },
      '1 target (1 application, 1 environment, 1 cluster)',
    ],
    [
      'nothing that is there',
      { environments: ['prodution'] },
      '0 targets (0 applications, 0 environments, 0 clusters)',
    ],
    [
      'one thing that is there and one that is not',
      { applications: ['checkout'], clusters: { matchLabels: { a: 'b' } } },
      '0 targets (0 applications, 0 environments, 0 clusters)',
    ],
  ])('can be asked of how much it would be before it is set: of %s', async (_, over, blast) => {
    const { store } = await openFleet();
    const spec = { scope: 'deploys', reason: 'r', until: 'lifted', ...over } as const;
    expect(blastText(await new StoredSources(store).freezeBlast(project, spec))).toBe(blast);
  });

  it('tells screens that a report may be the word that it waits for', async () => {
    const fleet = await openFleet();
    await fleet.freeze('year-end');
    await fleet.planMarked();
    fleet.announced.length = 0;
    await fleet.acknowledge(1);
    const told = fleet.announced.flatMap(({ changed }) => changed).filter(({ kind }) => kind === 'document');
    const [{ uid }] = (await fleet.store.query(`SELECT uid FROM document WHERE kind = 'Freeze'`)) as [{ uid: string }];
    expect(told).toEqual([{ kind: 'document', project, ids: [uid] }]);
  });

  it('ends by itself: that is told once, and its targets are planned until none carries it', async () => {
    const fleet = await openFleet();
    const until = isoTime(systemClock.now() + 1_500);
    await fleet.freeze('short', { until });
    await fleet.planMarked();
    const [{ key, in_ms: inMs }] = (await fleet.store.query(
      `SELECT key, extract(epoch FROM due_at - now()) * 1000 AS in_ms FROM work WHERE kind = 'freeze'`,
    )) as [{ key: string; in_ms: string }];
    const early = await fleet.record.endFreeze(key);
    await systemClock.sleep(1_500);
    const looks = [await fleet.record.endFreeze(key), await fleet.planMarked(), await fleet.record.endFreeze(key)];
    expect([Number(inMs) <= 1_500, early! > 0 && early! <= 1_500, looks, await fleet.standing('short')]).toEqual([
      true,
      true,
      [30_000, 1, undefined],
      { state: 'Ended', clusters: 0, acknowledged: 0, offline: 0, unplanned: 0 },
    ]);
    expect(await fleet.told()).toEqual([
      'freeze.expire: it came to its end',
      `freeze.set: deploys until ${until}: incident 42`,
    ]);
  });

  it('is not told to end again when another one changes, however long ago it was over', async () => {
    const fleet = await openFleet();
    await fleet.freeze('short', { until: isoTime(systemClock.now() - 1_000) });
    const looked = async () => {
      const due = await fleet.store.query<{ key: string }>(`DELETE FROM work WHERE kind = 'freeze' RETURNING key`);
      for (const { key } of due) await fleet.record.endFreeze(key);
      return due.length;
    };
    const first = await looked();
    // After a day nobody remembers which orders were given.
    await fleet.store.query('DELETE FROM given_order');
    await fleet.freeze('year-end');
    const second = await looked();
    const ends = (await fleet.told()).filter((line) => line.startsWith('freeze.expire'));
    expect([first, second, ends.length]).toEqual([1, 0, 1]);
  });

  it('is told when it is set, changed, passed and lifted, and lets a deleted application go only then', async () => {
    const fleet = await openFleet();
    await fleet.freeze('year-end');
    await fleet.planMarked();
    await fleet.freeze('year-end', { scope: 'all' });
    const breaking = { reason: 'hotfix', since: isoTime(0), expires: '2999-01-01T00:00:00.000Z' };
    await fleet.record.breakGlass({ project, cluster: 'c1' }, breaking, { kind: 'user', name: 'ann' });
    await fleet.deleteApplication('checkout');
    await fleet.planMarked();
    const held = (await fleet.record.setFor(fleet.cluster, noFence))!.entries[0]!.intent;
    await fleet.lift('year-end');
    await fleet.planMarked();
    const left = (await fleet.record.setFor(fleet.cluster, noFence))!.entries[0]!.intent;
    expect([held, left, await fleet.told()]).toEqual([
      'run-if-understood',
      'orphan',
      [
        'freeze.lift: lifted; it said: incident 42',
        'breakglass.sync: the newest release passes every freeze until 2999-01-01T00:00:00.000Z: hotfix',
        'freeze.change: all until lifted: incident 42',
        'freeze.set: deploys until lifted: incident 42',
      ],
    ]);
  });
});
