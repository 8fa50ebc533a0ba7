import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { DesiredEntry, RolloutOrder } from '@flotilla/model';
import { answerFailure } from '../rollback/answer-failure.ts';
import {
  by,
  enter,
  entriesOf,
  order,
  plan,
  reportAll,
  rolloutsBegun,
  type RollbackCase,
  type RollbackWorld,
} from './rollback-orders.ts';

const everything = { project: 'default', application: 'checkout' };

/** What every filling of the port does with rollbacks that go in waves, whoever ordered them. */
export const rollbackWaveCases: readonly RollbackCase[] = [
  {
    title: 'those that are not well go with the order, and the others by quarters as the ones before them are well',
    run: async (world) => {
      const went = await wentBackInWaves(world);
      deepEqual(await walkBack(world, went), ['c1', 'c1 c2', 'c1 c2 c3', 'c1 c2 c3']);
      equal(await world.record.settleRollout(went.rollout), undefined);
    },
  },
  {
    title: 'AT-38: under a freeze they go back all the same where the order breaks the glass, and nothing else passes',
    run: async (world) => {
      const { clusters, good } = await ranBadlyOnOne(world);
      await world.freeze('year-end');
      await plan(world);
      await rejects(order(world), { reason: 'NowhereToGoBack', message: /Frozen.*--break-glass/ });
      const [rollout] = await rolloutsBegun(world, { breakGlass: '1h' });
      const looks = await walkBack(world, { clusters, good, rollout: rollout! });
      deepEqual(looks, ['c1', 'c1 c2', 'c1 c2 c3', 'c1 c2 c3']);
      const [entry] = await entriesOf(world, clusters);
      deepEqual([entry!.frozen?.length, entry!.breakGlass?.sourceDigest], [1, good.sourceDigest]);
      await world.push('checkout');
      await plan(world);
      await world.rollbacks.unpin({ selection: everything, forward: false, reason: 'fixed' }, by);
      await plan(world);
      equal(await whoHas(world, clusters, good), 'c1 c2 c3');
    },
  },
  {
    title:
      'AT-38: who waits for his wave when the glass is whole again is held by the freeze, and has it when that is lifted',
    run: async (world) => {
      const { clusters, good } = await ranBadlyOnOne(world);
      await world.freeze('year-end');
      await plan(world);
      const [rollout] = await rolloutsBegun(world, { breakGlass: '10m' });
      await world.pass(10 * 60_000);
      const went = { clusters, good, rollout: rollout! };
      deepEqual(await walkBack(world, went), ['c1', 'c1', 'c1', 'c1']);
      await world.lift('year-end');
      await plan(world);
      deepEqual(await walkBack(world, went), ['c1', 'c1 c2', 'c1 c2 c3', 'c1 c2 c3']);
      equal(await world.record.settleRollout(went.rollout), undefined);
    },
  },
  {
    title: 'AT-38: glass that somebody breaks afterwards is broken for what entered, and not for what it went back to',
    run: async (world) => {
      const { clusters, good } = await ranBadlyOnOne(world);
      const [bad] = await entriesOf(world, clusters);
      await world.freeze('year-end');
      await plan(world);
      await order(world, { breakGlass: '1h' });
      const breaking = { reason: 'the fix', since: '2998-01-01T00:00:00.000Z', expires: '2999-01-01T00:00:00.000Z' };
      await world.record.breakGlass(everything, breaking, by);
      await plan(world);
      const [entry] = await entriesOf(world, clusters);
      deepEqual([entry!.sourceDigest, entry!.breakGlass?.sourceDigest], [good.sourceDigest, bad!.sourceDigest]);
    },
  },
  {
    title: 'a healthy one that fails on its way stops all that come after it, until a person says how it goes on',
    run: async (world) => {
      const { clusters, good, rollout } = await failedOnItsWay(world);
      equal(await whoHas(world, clusters, good), 'c1 c2');
      const { state } = await steer(world, 'resume');
      await world.record.settleRollout(rollout);
      await plan(world);
      deepEqual([state, await whoHas(world, clusters, good)], ['Running', 'c1 c2 c3']);
    },
  },
  {
    title: 'one that is aborted lets go of whoever waits for it, and keeps back who went',
    run: async (world) => {
      const { clusters, good, rollout } = await failedOnItsWay(world);
      equal((await steer(world, 'abort')).state, 'Aborted');
      equal(await world.record.settleRollout(rollout), undefined);
      await plan(world);
      deepEqual([await whoHas(world, clusters, good), await pinnedClusters(world)], ['c1 c2', 'c1 c2']);
    },
  },
  {
    title: 'who is passed by is held by nothing, and the others go on without him',
    run: async (world) => {
      const { clusters, good, rollout } = await wentBackInWaves(world);
      await steer(world, 'skip', 'c2');
      await reportAll(world, clusters[0]!, 'Healthy', 30);
      await world.record.settleRollout(rollout);
      await plan(world);
      deepEqual([await whoHas(world, clusters, good), await pinnedClusters(world)], ['c1 c3', 'c1 c3']);
    },
  },
  {
    title: 'a second order takes over from the waves of the first, for all that it is for',
    run: async (world) => {
      const { clusters, good, rollout } = await wentBackInWaves(world);
      await order(world, { atOnce: true });
      equal(await world.record.settleRollout(rollout), undefined);
      deepEqual([await whoHas(world, clusters, good), await pinnedClusters(world)], ['c1 c2 c3', 'c1 c2 c3']);
    },
  },
  {
    title: 'that all were let go before its end is over',
    run: async (world) => {
      const { rollout } = await wentBackInWaves(world);
      const selection = { project: 'default', application: 'checkout' };
      await world.rollbacks.unpin({ selection, forward: false, reason: 'a mistake' }, by);
      equal(await world.record.settleRollout(rollout), undefined);
      equal(await world.record.settleRollout(rollout), undefined);
      equal(await pinnedClusters(world), '');
    },
  },
  {
    title: 'what fails in a wave is taken back by itself where its environment says so, and goes no further',
    run: async (world) => {
      const { clusters, good, rollout } = await failedInWave(world);
      deepEqual([typeof (await answer(world, rollout)), await answer(world, rollout)], ['string', undefined]);
      await plan(world);
      equal(await world.record.settleRollout(rollout), undefined);
      const entries = await entriesOf(world, clusters);
      deepEqual(
        entries.map(({ source, sync, pin }) => [source.revision, sync.prune, pin?.by]),
        [
          [good.source.revision, false, 'system:delivery'],
          [good.source.revision, true, undefined],
        ],
      );
      deepEqual(
        (await plan(world))!.problems.map(({ reason }) => reason),
        ['Quarantined'],
      );
    },
  },
  {
    title: 'what fails where others fail as well stays halted, and is left to a person',
    run: async (world) => {
      const { clusters, rollout } = await failedInWave(world);
      await reportAll(world, clusters[1]!, 'Degraded', 20);
      deepEqual([await answer(world, rollout), await answer(world, rollout)], [undefined, undefined]);
      await plan(world);
      deepEqual([(await steer(world, 'resume')).rollout, await pinnedClusters(world)], [rollout, '']);
      equal(await answer(world, rollout), undefined);
    },
  },
];

/** Of three clusters one is not well with the second release. */
async function ranBadlyOnOne(world: RollbackWorld) {
  const clusters = [await world.addCluster('c1'), await world.addCluster('c2'), await world.addCluster('c3')];
  const [good] = await enter(world, clusters, 'Healthy', 0);
  await enter(world, clusters, 'Healthy', 10);
  await reportAll(world, clusters[0]!, 'Degraded', 20);
  return { clusters, good: good! };
}

/** That one goes back with the order; the other two wait for their waves. */
async function wentBackInWaves(world: RollbackWorld) {
  const ran = await ranBadlyOnOne(world);
  const [rollout] = await rolloutsBegun(world);
  return { ...ran, rollout: rollout! };
}

/** Who has gone back, at first and each time that one more of them is well. */
async function walkBack(
  world: RollbackWorld,
  { clusters, good, rollout }: Awaited<ReturnType<typeof wentBackInWaves>>,
) {
  const looks = [await whoHas(world, clusters, good)];
  for (const cluster of clusters) {
    await reportAll(world, cluster, 'Healthy', 30);
    await world.record.settleRollout(rollout);
    await plan(world);
    looks.push(await whoHas(world, clusters, good));
  }
  return looks;
}

/** The first of the healthy ones was well before it went back, and is not now. */
async function failedOnItsWay(world: RollbackWorld) {
  const went = await wentBackInWaves(world);
  const [first, second] = went.clusters;
  await reportAll(world, first!, 'Healthy', 30);
  await world.record.settleRollout(went.rollout);
  await plan(world);
  await reportAll(world, second!, 'Degraded', 31);
  await world.pass(60_000);
  await world.record.settleRollout(went.rollout);
  return went;
}

/** A first release is well on both clusters; a second one fails on the first that takes it, and is halted. */
async function failedInWave(world: RollbackWorld) {
  const clusters = [await world.addCluster('c1'), await world.addCluster('c2')];
  const [good] = await enter(world, clusters, 'Healthy', 0);
  await world.useStrategy({ waves: [{ name: 'canary', take: 1 }], onFailure: 'rollback' });
  await world.push('checkout');
  const [begun] = (await plan(world))!.rollouts;
  await world.record.settleRollout(begun!.uid);
  await plan(world);
  await reportAll(world, clusters[0]!, 'Degraded', 10);
  await world.pass(60_000);
  await world.record.settleRollout(begun!.uid);
  return { clusters, good: good!, rollout: begun!.uid };
}

function answer(world: RollbackWorld, rollout: string): Promise<string | undefined> {
  return answerFailure({ record: world.rollbacks, ids: world.ids }, rollout);
}

/** The clusters that are ordered to run what an entry does. */
async function whoHas(world: RollbackWorld, clusters: readonly string[], { release }: DesiredEntry): Promise<string> {
  const entries = await entriesOf(world, clusters);
  return clusters.flatMap((_, index) => (entries[index]?.release === release ? [`c${index + 1}`] : [])).join(' ');
}

async function pinnedClusters(world: RollbackWorld): Promise<string> {
  const asked = { project: 'default', selection: { application: 'checkout' } };
  const [history] = (await world.rollbacks.rollbackFacts(asked)).applications;
  const { targets, clusters } = history!.delivery;
  const pinned = new Set(targets.flatMap(({ pin, cluster }) => (pin ? [cluster] : [])));
  const names = clusters.flatMap(({ uid, name }) => (pinned.has(uid) ? [name] : []));
  return names.toSorted().join(' ');
}

function steer(world: RollbackWorld, how: RolloutOrder, cluster?: string) {
  const steering = { project: 'default', application: 'checkout', environment: 'dev', order: how, cluster };
  return world.record.steerRollout(steering, by);
}
