import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deleteDocument } from '@flotilla/control-sources';
import { isoTime, systemClock } from '@flotilla/foundation';
import { noFence, systemActor } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openTarget, reportOf, statusOf } from '../support/stored-target.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const by = systemActor('test');
const manifest = (text: string) => ({ 'services/checkout/dev/a.yaml': text });

describe('a target', () => {
  it('that arrived finishes its rollout, counts, and enters its history once', async () => {
    const { store, statuses, record, cluster, entry, fleet } = await openTarget(fixture);
    const [rollout] = await store.query<{ uid: string }>('SELECT uid FROM rollout');
    expect(await record.settleRollout(rollout!.uid)).toMatchObject({ total: 1, arrived: 0 });
    const healthy = statusOf(entry);
    const applied = { ...healthy, health: 'Progressing' as const, since: healthy.appliedAt! };
    await statuses.store([reportOf(cluster, 1, [applied])], systemClock.now());
    await statuses.store([reportOf(cluster, 2, [healthy])], systemClock.now());
    expect(await record.settleRollout(rollout!.uid)).toMatchObject({ total: 1, arrived: 1 });
    expect(await store.query('SELECT state FROM rollout')).toEqual([{ state: 'Finished' }]);
    expect(await store.query('SELECT health, healthy_at IS NOT NULL AS healthy FROM deployment')).toEqual([
      { health: 'Healthy', healthy: true },
    ]);
    await statuses.recount('default');
    expect(await fleet.counts('default')).toMatchObject([
      { application: 'checkout', total: 1, sync: { Synced: 1 }, health: { Healthy: 1 } },
    ]);
  });

  it('that cannot take the next release leaves in its history what became of the one before', async () => {
    const { store, statuses, cluster, entry, commit, look, plan, record } = await openTarget(fixture);
    const well = statusOf(entry);
    await statuses.store([reportOf(cluster, 1, [well])], systemClock.now());
    await commit(manifest('a: {'));
    await look();
    await plan('checkout');
    const [next] = (await record.setFor(cluster, noFence))!.entries;
    const reason = { code: 'ManifestsInvalid', message: 'nothing was applied: a.yaml:1:1: no end' };
    const stuck = { ...well, generation: next!.generation, sync: 'Unknown', health: 'Unknown', reason } as const;
    const lateStuck = { ...stuck, appliedAt: isoTime(systemClock.now() + 1_000) };
    await statuses.store([reportOf(cluster, 2, [stuck])], systemClock.now());
    await statuses.store([reportOf(cluster, 3, [lateStuck])], systemClock.now());
    expect(await store.query('SELECT health, reason FROM deployment ORDER BY at')).toEqual([
      { health: 'Healthy', reason: null },
      { health: 'Unknown', reason: null },
    ]);
  });

  it('that left takes along what was said of it, and leaves its history', async () => {
    const { store, statuses, record, cluster, entry, plan, documents } = await openTarget(fixture);
    const well = statusOf(entry);
    await statuses.store([reportOf(cluster, 1, [well])], systemClock.now());
    await statuses.recount('default');
    const key = { project: 'default', kind: 'Application', name: 'checkout' } as const;
    await deleteDocument(documents, { key, by, dryRun: false });
    await plan('checkout');
    const [leaving] = (await record.setFor(cluster, noFence))!.entries;
    const gone = statusOf(leaving!, { gone: true, health: 'Missing', appliedAt: well.appliedAt! });
    await statuses.store([reportOf(cluster, 2, [gone])], systemClock.now());
    await plan('checkout');
    await statuses.recount('default');
    const left = ['target_status', 'target_detail', 'target_count', 'deployment'].map(
      (table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`,
    );
    expect(await store.query(`SELECT ${left.join(', ')}`)).toEqual([
      { target_status: 0, target_detail: 0, target_count: 0, deployment: 1 },
    ]);
  });
});
