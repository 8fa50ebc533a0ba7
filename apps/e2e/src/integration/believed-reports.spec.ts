import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { joinTokenHash } from '@flotilla/control-fleet';
import { heardHello } from '@flotilla/control-fleet/testing';
import { ClusterStore, LivenessStore } from '@flotilla/control-store';
import { systemClock } from '@flotilla/foundation';
import { noFence, systemActor } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openTarget, reportOf, statusOf } from '../support/stored-target.ts';
import { today } from '../support/store-plane.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const by = systemActor('test');

describe('a target', () => {
  it('is never set back by a report that comes late, nor by one of another cluster, nor by one of the future', async () => {
    const { statuses, cluster, entry, fleet, join } = await openTarget(fixture);
    const { uid: stranger } = await join('stranger', {});
    await statuses.store([reportOf(cluster, 5, [statusOf(entry)])], systemClock.now());
    const late = await statuses.store(
      [reportOf(cluster, 4, [statusOf(entry, { health: 'Degraded' })])],
      systemClock.now(),
    );
    expect(late.changed).toEqual([]);
    const lie = await statuses.store(
      [reportOf(stranger, 1, [statusOf(entry, { health: 'Missing' })])],
      systemClock.now(),
    );
    expect(lie).toEqual({ changed: [], disbelieved: [], dropped: [{ cluster: stranger, target: entry.target }] });
    const future = await statuses.store(
      [reportOf(cluster, 6, [statusOf(entry, { generation: 1_000_000, health: 'Missing' })])],
      systemClock.now(),
    );
    expect(future.dropped).toHaveLength(1);
    expect((await fleet.target('default', entry.target))?.status?.health).toBe('Healthy');
  });

  it('AT-43: of a cluster that is ahead is heard, and never taken for an answer to what is wanted now', async () => {
    const { statuses, cluster, entry, fleet } = await openTarget(fixture);
    const ahead = { ...reportOf(cluster, 1, [statusOf(entry, { generation: 9 })]), fence: { epoch: 1, generation: 9 } };
    expect((await statuses.store([ahead], systemClock.now())).dropped).toEqual([]);
    const heard = await fleet.target('default', entry.target);
    expect([heard?.status?.health, heard?.status?.generation]).toEqual(['Healthy', entry.generation - 1]);
  });

  it('AT-24: is heard again once its cluster joined anew, however high a thief had counted before', async () => {
    const { store, statuses, cluster, entry, fleet } = await openTarget(fixture);
    const last = 2_147_483_647;
    const lie = statusOf(entry, { health: 'Missing' });
    await statuses.store([{ ...reportOf(cluster, last, [lie]), leaseTransitions: last }], systemClock.now());
    const joining = { tokenHash: joinTokenHash('c1'), userKey: 'U1', kubernetesUid: 'k', ...today() };
    await new ClusterStore(store).enrol(joining);
    await statuses.store([reportOf(cluster, 1, [statusOf(entry)])], systemClock.now());
    expect((await fleet.target('default', entry.target))?.status?.health).toBe('Healthy');
  });

  it('AT-26: is not changed by a second holder of the identity, in whatever order the two speak', async () => {
    const { store, statuses, cluster, entry, fleet } = await openTarget(fixture);
    const liveness = new LivenessStore(store);
    const hello = (instance: string, afterMs: number) => heardHello(cluster, systemClock.now() + afterMs, instance);
    await liveness.heard([hello('first', 0)]);
    let number = 0;
    const rounds: string[] = [];
    for (const instance of ['first', 'second', 'first', 'second', 'second', 'first']) {
      await liveness.heard([hello(instance, ++number * 10_000)]);
      const health = instance === 'first' ? 'Healthy' : 'Degraded';
      const said = { ...reportOf(cluster, number, [statusOf(entry, { health })]), instance };
      const { disbelieved } = await statuses.store([said], systemClock.now());
      const shown = (await fleet.target('default', entry.target))?.status?.health;
      rounds.push(`${instance}: ${disbelieved.length === 0 ? 'believed' : 'not'}, ${shown}`);
    }
    expect(rounds).toEqual(
      ['first', 'second', 'first', 'second', 'second', 'first'].map(
        (instance) => `${instance}: ${instance === 'first' ? 'believed' : 'not'}, Healthy`,
      ),
    );
    const alarms = await store.query(`SELECT count(*)::int AS alarms FROM ledger WHERE action = 'cluster.alarm'`);
    const { items } = await fleet.clusters({ project: 'default', page: { limit: 10 } });
    const deployments = await store.query(`SELECT DISTINCT health FROM deployment`);
    expect([alarms, items[0]?.alarm?.code, items[0]?.alarm?.instance, deployments]).toEqual([
      [{ alarms: 1 }],
      'IdentityDoubled',
      'second',
      [{ health: 'Healthy' }],
    ]);
  });

  it('AT-08: of a cluster that is revoked is neither changed nor sent anything, until it is let in again', async () => {
    const { store, statuses, record, cluster, entry, fleet, join } = await openTarget(fixture);
    const clusters = new ClusterStore(store);
    await clusters.revoke({ project: 'default', name: 'c1', reason: 'stolen', by });
    const { disbelieved } = await statuses.store([reportOf(cluster, 1, [statusOf(entry)])], systemClock.now());
    const [{ connection, revokedAt } = { connection: '', revokedAt: undefined }] = (
      await fleet.clusters({ project: 'default', page: { limit: 10 } })
    ).items;
    const shown = (await fleet.target('default', entry.target))?.status;
    expect({ disbelieved: disbelieved.length, shown, connection, isDated: revokedAt !== undefined }).toEqual({
      disbelieved: 1,
      shown: undefined,
      connection: 'Revoked',
      isDated: true,
    });
    expect([await record.setFor(cluster, noFence), await record.behind(new Map([[cluster, noFence]]))]).toEqual([
      undefined,
      [],
    ]);
    await join('c1', { dev: 'true' });
    await clusters.enrol({ tokenHash: joinTokenHash('c1'), userKey: 'U2', kubernetesUid: 'k', ...today() });
    await statuses.store([reportOf(cluster, 1, [statusOf(entry)])], systemClock.now());
    expect((await fleet.target('default', entry.target))?.status?.health).toBe('Healthy');
    expect(await record.behind(new Map([[cluster, noFence]]))).toEqual([cluster]);
  });

  it('AT-08: is not spoken of by another cluster in the very batch in which its own speaks', async () => {
    const { statuses, cluster, entry, fleet, join } = await openTarget(fixture);
    const { uid: stranger } = await join('stranger', {});
    const lie = reportOf(stranger, 1, [statusOf(entry, { health: 'Missing' })]);
    const stored = await statuses.store([reportOf(cluster, 1, [statusOf(entry)]), lie], systemClock.now());
    const heard = (await fleet.target('default', entry.target))?.status?.health;
    expect({ stored, heard }).toEqual({
      stored: { changed: [entry.target], disbelieved: [], dropped: [{ cluster: stranger, target: entry.target }] },
      heard: 'Healthy',
    });
  });
});
