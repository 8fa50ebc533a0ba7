import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LivenessStore } from '@flotilla/control-store';
import { systemClock } from '@flotilla/foundation';
import { noFence, type TargetStatus } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openTarget, reportOf, statusOf } from '../support/stored-target.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

describe('a rollout in waves', () => {
  it('that is done while nobody listens is looked at again, and finished once somebody does', async () => {
    const { store, settle, hear, says } = await openWaves();
    await says({});
    await store.query('DELETE FROM listener');
    const deaf = await settle();
    await hear();
    const heard = await settle();
    const place = { application: 'checkout', environment: 'dev', total: 1, arrived: 1 };
    expect([deaf, heard, await settle()]).toEqual([{ ...place, lookAgainMs: 10_000 }, place, undefined]);
  });

  it('that is halted is written and announced once, however often it is looked at', async () => {
    const { store, announced, settle, says } = await openWaves();
    await says({ health: 'Degraded' });
    await store.query(`UPDATE target_status SET reported_at = reported_at - interval '1 minute'`);
    const looks: unknown[] = [];
    for (let look = 0; look < 3; look++) {
      const before = announced.length;
      await settle();
      const rows = await store.query(
        `SELECT state, xmin, blocked ->> 'code' AS code FROM rollout WHERE state = 'Halted'`,
      );
      const nouns = announced.slice(before).flatMap(({ changed }) => changed.map(({ kind }) => kind));
      looks.push([rows, nouns.filter((kind) => kind === 'rollout').length]);
    }
    const [{ xmin }] = (looks[0] as [{ xmin: string }[]])[0] as [{ xmin: string }];
    const halted = [{ state: 'Halted', code: 'FailuresExceeded', xmin }];
    expect(looks).toEqual([
      [halted, 1],
      [halted, 0],
      [halted, 0],
    ]);
  });

  it.each([
    ['where a deadline begins anew by that', { progressDeadline: '10m' }, true],
    ['and nowhere else', {}, false],
  ])('writes down at each look who is held back %s', async (_where, over, isWritten) => {
    const { store, settle, says } = await openWaves(over);
    await says({ sync: 'OutOfSync', reason: { code: 'Suspended', message: 'user:bob: looking' } });
    await settle();
    const steps = await store.query('SELECT held_at IS NOT NULL AS written FROM rollout_step');
    expect(steps).toEqual([{ written: isWritten }]);
  });
});

/** A release that goes in waves to one cluster that is heard, and was told of it. */
async function openWaves(strategy: object = {}) {
  const { store, record, cluster, statuses, announced, ...plane } = await openTarget(fixture);
  const liveness = new LivenessStore(store);
  const hear = () => liveness.listening('status', systemClock.now());
  const facts = { kubernetesVersion: 'v1.34.0', agentVersion: '0.2.0' };
  const said = { instance: 'i', leaseTransitions: 1, protocol: 1, setDigest: '', statusDigest: '', facts };
  await hear();
  await liveness.heard([{ ...said, cluster, at: systemClock.now(), fence: noFence }]);
  await store.query(`UPDATE document SET spec = spec || $1 WHERE kind = 'Environment'`, [
    { rollout: { maxFailures: 0, offline: 'skipAndCatchUp', ...strategy } },
  ]);
  plane.commit({ 'services/checkout/dev/a.yaml': 'a: 2' });
  await plane.look();
  const { uid } = (await plane.plan('checkout'))!.rollouts[0]!;
  const settle = () => record.settleRollout(uid);
  await settle();
  await plane.plan('checkout');
  const { entries } = (await record.setFor(cluster, noFence))!;
  const says = (over: Partial<TargetStatus>) =>
    statuses.store([reportOf(cluster, 1, [statusOf(entries[0]!, over)])], systemClock.now());
  return { store, announced, hear, settle, says };
}
