import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { noFence, type DesiredEntry } from '@flotilla/model';
import {
  by,
  enter,
  give,
  order,
  plan,
  reportAll,
  rolloutsBegun,
  viewOf,
  type RollbackCase,
  type RollbackWorld,
} from './rollback-orders.ts';
import { rollbackWaveCases } from './rollback-wave-cases.ts';

/** What every filling of the port does. Free of any test runner. */
export const rollbackCases: readonly RollbackCase[] = [
  {
    title: 'an order takes all clusters back in one generation each, and the agents are told what was released',
    run: async (world) => {
      const { clusters, good } = await ranGoodThenBad(world);
      await order(world);
      for (const cluster of clusters) {
        const { fence, entries } = (await world.record.setFor(cluster, noFence))!;
        const [entry] = entries;
        deepEqual(
          [fence.generation, entry!.source, entry!.sourceDigest, entry!.sync.prune, entry!.pin?.reason],
          [3, good.source, good.sourceDigest, false, 'incident 42'],
        );
      }
    },
  },
  {
    title: 'whoever plans next finds the pins, and changes nothing',
    run: async (world) => {
      await ranGoodThenBad(world);
      await order(world);
      const after = (await plan(world))!;
      deepEqual([after.changes, after.rollouts, after.problems.map(({ reason }) => reason)], [[], [], ['Quarantined']]);
    },
  },
  {
    title: 'what comes next in Git passes the held ones by, and takes them once they are let go forward',
    run: async (world) => {
      const { clusters } = await ranGoodThenBad(world);
      await order(world);
      const lift = { selection: { project: 'default', application: 'checkout' }, forward: true, reason: 'fixed' };
      await rejects(world.rollbacks.unpin(lift, by), { reason: 'NothingNewer' });
      await world.push('checkout');
      const entered = (await plan(world))!;
      deepEqual([entered.rollouts.length, entered.changes], [1, []]);
      const lifted = await world.rollbacks.unpin(lift, by);
      deepEqual(
        lifted.map(({ name }) => name),
        ['checkout.dev.c1', 'checkout.dev.c2'],
      );
      const { changes } = (await plan(world))!;
      deepEqual(
        changes.map(({ entry }) => [entry.release, entry.pin, entry.sync.prune]),
        clusters.map(() => [entered.releases[0]!.uid, undefined, true]),
      );
    },
  },
  {
    title: 'a source digest that was taken away enters again only after it was let, and then only if Git still says it',
    run: async (world) => {
      const { bad } = await ranGoodThenBad(world);
      await order(world);
      const lift = { project: 'default', application: 'checkout', reason: 'it was the network' };
      await rejects(world.rollbacks.liftQuarantine({ ...lift, digest: 'unknown' }, by), { reason: 'NotQuarantined' });
      const digest = bad.sourceDigest.slice(0, 12);
      deepEqual(await world.rollbacks.liftQuarantine({ ...lift, digest }, by), [bad.sourceDigest]);
      const selection = { project: 'default', application: 'checkout' };
      await world.rollbacks.unpin({ selection, forward: false, reason: 'it was the network' }, by);
      deepEqual(
        (await plan(world))!.changes.map(({ entry }) => entry.sourceDigest),
        [bad.sourceDigest, bad.sourceDigest],
      );
    },
  },
  {
    title: 'of two orders from the same view of things one is carried out, and the other is told what stands',
    run: async (world) => {
      const { clusters } = await ranGoodThenBad(world);
      const standing = await viewOf(world);
      const both = await Promise.allSettled([give(world, standing), give(world, standing)]);
      const won = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      const lost = both.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
      equal(won.length, 1);
      ok(lost[0]?.message.includes(`rollback ${won[0]}`), lost[0]?.message ?? 'nobody lost');
      equal((await world.record.setFor(clusters[0]!, noFence))!.fence.generation, 3);
    },
  },
  {
    title: 'an order that comes again with its request is answered, and changes nothing',
    run: async (world) => {
      const { clusters } = await ranGoodThenBad(world);
      const standing = await viewOf(world);
      const answers = [];
      for (let count = 0; count < 3; count++) answers.push(await give(world, standing, 'request-1'));
      equal(new Set(answers).size, 1);
      equal((await world.record.setFor(clusters[0]!, noFence))!.fence.generation, 3);
    },
  },
  {
    title: 'an order that selects nothing, or finds no way back, changes nothing and says so',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world);
      await rejects(order(world), { reason: 'NowhereToGoBack' });
      await rejects(order(world, { selection: { application: 'unknown' } }), { reason: 'TargetsMissing' });
      equal((await world.record.setFor(cluster, noFence))!.fence.generation, 1);
    },
  },
  {
    title: 'its rollout finishes when all that it holds are well, and ends with the last pin',
    run: async (world) => {
      const { clusters } = await ranGoodThenBad(world);
      const rollouts = await rolloutsBegun(world);
      const settle = () => world.record.settleRollout(rollouts[0]!);
      equal((await settle())!.total, 2);
      await reportAll(world, clusters[0]!, 'Healthy', 30);
      equal((await settle())!.arrived, 1);
      await reportAll(world, clusters[1]!, 'Healthy', 30);
      equal((await settle())!.arrived, 2);
      equal(await settle(), undefined);
    },
  },
  ...rollbackWaveCases,
];

interface Ran {
  readonly clusters: readonly string[];
  readonly good: DesiredEntry;
  readonly bad: DesiredEntry;
}

/** Two clusters ran a first commit well, and a second one badly. */
async function ranGoodThenBad(world: RollbackWorld): Promise<Ran> {
  const clusters = [await world.addCluster('c1'), await world.addCluster('c2')];
  const [good] = await enter(world, clusters, 'Healthy', 0);
  const [bad] = await enter(world, clusters, 'Degraded', 10);
  return { clusters, good: good!, bad: bad! };
}
