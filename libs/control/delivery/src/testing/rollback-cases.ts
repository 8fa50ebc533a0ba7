import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { isoTime } from '@flotilla/foundation';
import {
  noFence,
  systemActor,
  type DesiredEntry,
  type HealthStatus,
  type RollbackRequest,
  type RolloutOrder,
} from '@flotilla/model';
import { planDelivery } from '../plan-delivery.ts';
import { answerFailure } from '../rollback/answer-failure.ts';
import { previewRollback, rollBack } from '../rollback/roll-back.ts';
import type { RollbackRecord } from '../rollback/rollback-record.port.ts';
import type { DeliveryWorld } from './delivery-world.ts';

/** A fleet whose record takes orders to go back as well. */
export interface RollbackWorld extends DeliveryWorld {
  readonly rollbacks: RollbackRecord;
}

/** One thing that every filling of the record of rollbacks does alike. */
export interface RollbackCase {
  readonly title: string;
  readonly run: (world: RollbackWorld) => Promise<void>;
}

const by = systemActor('test');
const request: RollbackRequest = {
  selection: { application: 'checkout' },
  to: 'previous-good',
  reason: 'incident 42',
  runHooks: false,
  repair: true,
  atOnce: false,
};

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
    title: 'those that are not well go with the order, and the others by quarters as the ones before them are well',
    run: async (world) => {
      const { clusters, good, rollout } = await wentBackInWaves(world);
      const looks: unknown[] = [await whoHas(world, clusters, good)];
      for (const cluster of clusters) {
        await reportAll(world, cluster, 'Healthy', 30);
        await world.record.settleRollout(rollout);
        await plan(world);
        looks.push(await whoHas(world, clusters, good));
      }
      deepEqual(looks, ['c1', 'c1 c2', 'c1 c2 c3', 'c1 c2 c3']);
      equal(await world.record.settleRollout(rollout), undefined);
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
];

interface Ran {
  readonly clusters: readonly string[];
  readonly good: DesiredEntry;
  readonly bad: DesiredEntry;
}

/** Of three clusters one is not well, and goes back with the order; the other two wait for their waves. */
async function wentBackInWaves(world: RollbackWorld) {
  const clusters = [await world.addCluster('c1'), await world.addCluster('c2'), await world.addCluster('c3')];
  const [good] = await enter(world, clusters, 'Healthy', 0);
  await enter(world, clusters, 'Healthy', 10);
  await reportAll(world, clusters[0]!, 'Degraded', 20);
  const [rollout] = await rolloutsBegun(world);
  return { clusters, good: good!, rollout: rollout! };
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

async function entriesOf(world: RollbackWorld, clusters: readonly string[]): Promise<readonly DesiredEntry[]> {
  const sets = await Promise.all(clusters.map((cluster) => world.record.setFor(cluster, noFence)));
  return sets.flatMap((set) => set!.entries);
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

/** Two clusters ran a first commit well, and a second one badly. */
async function ranGoodThenBad(world: RollbackWorld): Promise<Ran> {
  const clusters = [await world.addCluster('c1'), await world.addCluster('c2')];
  const [good] = await enter(world, clusters, 'Healthy', 0);
  const [bad] = await enter(world, clusters, 'Degraded', 10);
  return { clusters, good: good!, bad: bad! };
}

async function enter(world: RollbackWorld, clusters: readonly string[], health: HealthStatus, minute: number) {
  await world.push('checkout');
  await plan(world);
  const entries: DesiredEntry[] = [];
  for (const cluster of clusters) entries.push(await reportAll(world, cluster, health, minute));
  return entries;
}

/** The agent of a cluster has applied what it is ordered, and says how that is. */
async function reportAll(world: RollbackWorld, cluster: string, health: HealthStatus, minute: number) {
  const { fence, entries } = (await world.record.setFor(cluster, noFence))!;
  const at = isoTime(minute * 60_000);
  await world.report(
    cluster,
    fence,
    entries.map(({ target, generation, release, sourceDigest, source: { revision } }) => ({
      target,
      generation,
      release,
      sourceDigest,
      revision,
      sync: 'Synced',
      health,
      since: at,
      appliedAt: at,
      resources: [],
    })),
  );
  return entries[0]!;
}

function plan({ record, ids, uids }: RollbackWorld) {
  return record.plan(uids.checkout, (facts) => planDelivery(facts, ids));
}

async function viewOf(world: RollbackWorld, over: Partial<RollbackRequest> = {}): Promise<string> {
  return (await previewRollback(world.rollbacks, { project: 'default', ...request, ...over })).standing;
}

function give(world: RollbackWorld, standing: string, requestKey?: string, over: Partial<RollbackRequest> = {}) {
  const ports = { record: world.rollbacks, ids: world.ids };
  return rollBack(ports, { project: 'default', ...request, ...over, standing }, { ...by, request: requestKey });
}

async function order(world: RollbackWorld, over: Partial<RollbackRequest> = {}): Promise<string> {
  return give(world, await viewOf(world, over), undefined, over);
}

/** Carries an order out, and tells which rollouts it began. */
async function rolloutsBegun(world: RollbackWorld): Promise<readonly string[]> {
  const began: string[] = [];
  const listening: RollbackRecord = {
    rollbackFacts: (asked) => world.rollbacks.rollbackFacts(asked),
    unpin: (asked, giver) => world.rollbacks.unpin(asked, giver),
    liftQuarantine: (asked, giver) => world.rollbacks.liftQuarantine(asked, giver),
    answerFailure: (rollout, decisions) => world.rollbacks.answerFailure(rollout, decisions),
    rollBack: (asked, { resolve, plan: decide }, giver) =>
      world.rollbacks.rollBack(
        asked,
        {
          resolve,
          plan: (resolved, mark) => {
            const planned = decide(resolved, mark);
            began.splice(0, began.length, ...planned.flatMap(({ places }) => places.map(({ rollout }) => rollout)));
            return planned;
          },
        },
        giver,
      ),
  };
  const standing = await viewOf(world);
  await rollBack({ record: listening, ids: world.ids }, { project: 'default', ...request, standing }, by);
  return began;
}
