import { deepEqual, equal, ok } from 'node:assert/strict';
import { noFence, type HealthStatus, type RolloutOrder } from '@flotilla/model';
import type { OrderGiver } from '../delivery-record.port.ts';
import { previewRollback, rollBack } from '../rollback/roll-back.ts';
import { plan, statusOf } from './delivery-world.ts';
import type { RollbackCase, RollbackWorld } from './rollback-orders.ts';

const project = 'default';
const place = { project, application: 'checkout', environment: 'dev' };
const selection = { application: 'checkout' };
const person = (name: string): OrderGiver => ({ kind: 'user', name });

/**
 * What two people order in the same second, who want different things: one comes first, and what stands then is what the
 * two orders make one after the other. Whoever came too late is told by name, and how to go on.
 */
export const conflictCases: readonly RollbackCase[] = [
  {
    title: 'two go back to two revisions: one of them does, and the other one is told whose rollback stands',
    run: async (world) => {
      const { clusters, revisions } = await ranThree(world);
      const goals = [revisions[0]!, revisions[1]!];
      const orders = await Promise.all(goals.map((to) => orderOf(world, to)));
      const { taken, refused } = await inOneSecond([() => orders[0]!('ann'), () => orders[1]!('bob')]);
      equal(taken.length, 1);
      const [{ reason, message } = { reason: '', message: '' }] = refused;
      deepEqual([reason, message.includes(`rollback ${String(taken[0])}`)], ['RollbackOvertaken', true]);
      ok(message.includes('look at the preview again'), message);
      const stands = await standing(world, clusters);
      const [winner] = stands[0]!;
      const goal = winner === 'user:ann' ? goals[0] : goals[1];
      deepEqual(stands, [
        [winner, goal],
        [winner, goal],
      ]);
    },
  },
  {
    title: 'one goes further back while another one lets go: nothing is held in the end, and nobody is held by half',
    run: async (world) => {
      const { clusters, revisions } = await ranThree(world);
      await (
        await orderOf(world, revisions[1]!)
      )('carl');
      const further = await orderOf(world, revisions[0]!);
      const lift = { selection: { project, ...selection }, forward: false, reason: 'it was the network' };
      const { refused } = await inOneSecond([() => further('ann'), () => world.rollbacks.unpin(lift, person('bob'))]);
      const isLate = refused.map(({ reason, message }) => [reason, message.includes('look at the preview again')]);
      deepEqual(isLate, isLate.length === 0 ? [] : [['RollbackOvertaken', true]]);
      deepEqual(
        (await standing(world, clusters)).map(([who]) => who),
        [undefined, undefined],
      );
    },
  },
  {
    title: 'one has a halted rollout go on while another one ends it: it is over, and whoever came too late is told',
    run: async (world) => {
      const { rollout } = await halted(world);
      const steer = (order: RolloutOrder) => (name: string) =>
        world.record.steerRollout({ ...place, order }, person(name));
      const { taken, refused } = await inOneSecond([() => steer('resume')('ann'), () => steer('abort')('bob')]);
      ok(taken.some((each) => (each as { state: string }).state === 'Aborted'));
      const isLate = refused.map(({ reason, message }) => [reason, message.includes('flotilla get rollouts')]);
      deepEqual(isLate, isLate.length === 0 ? [] : [['RolloutMissing', true]]);
      equal(await world.record.settleRollout(rollout), undefined);
    },
  },
  {
    title:
      'one freezes while another one goes back: it is back and frozen there, or stays, and whoever goes back is told of the freeze',
    run: async (world) => {
      const { clusters, revisions } = await ranThree(world);
      const back = await orderOf(world, revisions[0]!);
      const { refused } = await inOneSecond([() => back('ann'), () => world.freeze('fire')]);
      const stands = refused.length === 0 ? ['user:ann', revisions[0]] : [undefined, revisions[2]];
      deepEqual(await standing(world, clusters), [stands, stands]);
      const frozen = await Promise.all(clusters.map(async (uid) => (await entryOn(world, uid)).frozen?.[0]?.name));
      deepEqual(frozen, ['fire', 'fire']);
    },
  },
  {
    title: 'whoever goes back right after somebody froze is told so, although nothing was planned yet',
    run: async (world) => {
      const { clusters, revisions } = await ranThree(world);
      const back = await orderOf(world, revisions[0]!);
      await world.freeze('fire');
      const { refused } = await inOneSecond([() => back('ann')]);
      const told = refused.map(({ reason, message }) => [reason, message.includes('Frozen, freeze fire')]);
      const stands = [undefined, revisions[2]];
      deepEqual([told, await standing(world, clusters)], [[['NowhereToGoBack', true]], [stands, stands]]);
    },
  },
];

interface Settled {
  readonly taken: readonly unknown[];
  readonly refused: readonly { readonly reason: string; readonly message: string }[];
}

/** Gives orders at once; what was expected of nobody is thrown on. */
export async function inOneSecond(orders: readonly (() => Promise<unknown>)[]): Promise<Settled> {
  const settled = await Promise.allSettled(orders.map((order) => order()));
  return {
    taken: settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    refused: settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])),
  };
}

/** Two clusters ran two commits well, and run a third one badly. */
async function ranThree(world: RollbackWorld) {
  const clusters = [await world.addCluster('c1'), await world.addCluster('c2')];
  const revisions: string[] = [];
  for (const health of ['Healthy', 'Healthy', 'Degraded'] as const) {
    await world.push('checkout');
    await plan(world, 'checkout');
    for (const cluster of clusters) await say(world, cluster, health);
    revisions.push((await entryOn(world, clusters[0]!)).source.revision);
  }
  return { clusters, revisions };
}

/** A release that goes in waves failed on the first cluster. */
async function halted(world: RollbackWorld) {
  await world.useStrategy({ waves: [{ name: 'canary', take: 1 }] });
  const [cluster] = [await world.addCluster('c1'), await world.addCluster('c2')];
  await world.push('checkout');
  const [{ uid } = { uid: '' }] = (await plan(world, 'checkout'))!.rollouts;
  await world.record.settleRollout(uid);
  await plan(world, 'checkout');
  await say(world, cluster, 'Degraded');
  await world.pass(10_000);
  await world.record.settleRollout(uid);
  return { rollout: uid };
}

/** An order to go back from what stands now, for whoever gives it. */
async function orderOf({ rollbacks, ids }: RollbackWorld, to: string) {
  const asked = { project, selection, to };
  const { standing: seen } = await previewRollback(rollbacks, asked);
  const order = { ...asked, standing: seen, reason: 'incident 42', runHooks: false, repair: false };
  return (name: string) => rollBack({ record: rollbacks, ids }, order, person(name));
}

/** Who holds each cluster, and what it is ordered to run, once it was planned again. */
async function standing(world: RollbackWorld, clusters: readonly string[]) {
  // What is in quarantine is a problem, and stands in nobody's way.
  await plan(world, 'checkout');
  return Promise.all(
    clusters.map(async (cluster) => {
      const { pin, source } = await entryOn(world, cluster);
      return [pin?.by, source.revision] as const;
    }),
  );
}

async function entryOn({ record }: RollbackWorld, cluster: string) {
  return (await record.setFor(cluster, noFence))!.entries[0]!;
}

async function say(world: RollbackWorld, cluster: string, health: HealthStatus): Promise<void> {
  const { fence, entries } = (await world.record.setFor(cluster, noFence))!;
  await world.report(
    cluster,
    fence,
    entries.map((entry) => statusOf(entry, { health })),
  );
}
