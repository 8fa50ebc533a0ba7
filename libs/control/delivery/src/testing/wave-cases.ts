import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { noFence, type RolloutOrder, type TargetStatus } from '@flotilla/model';
import { planDelivery } from '../plan/plan-delivery.ts';
import { by, plan, statusOf, type DeliveryRecordCase, type DeliveryWorld } from './delivery-world.ts';

/** What every filling of the record does with rollouts that go in waves. */
export const waveCases: readonly DeliveryRecordCase[] = [
  {
    title: 'a rollout in waves admits one wave after another, and a plan gives its release to nobody else',
    run: async (world) => {
      const { clusters, rollout } = await inWaves(world, ['c1', 'c2', 'c3']);
      deepEqual(await revisions(world, clusters), [undefined, undefined, undefined]);
      deepEqual(await settle(world, rollout), [3, 0]);
      await plan(world, 'checkout');
      deepEqual(await isOrdered(world, clusters), [true, false, false]);
      await says(world, clusters[0]!, { health: 'Progressing' });
      deepEqual(await settle(world, rollout), [3, 0]);
      await says(world, clusters[0]!, {});
      deepEqual(await settle(world, rollout), [3, 1]);
      await plan(world, 'checkout');
      deepEqual(await isOrdered(world, clusters), [true, true, true]);
      for (const cluster of clusters) await says(world, cluster, {});
      deepEqual(await settle(world, rollout), [3, 3]);
      deepEqual(await world.record.settleRollout(rollout), undefined);
    },
  },
  {
    title: 'a halted rollout admits nobody, and the next release takes its place',
    run: async (world) => {
      const { clusters, rollout } = await inWaves(world, ['c1', 'c2']);
      await settle(world, rollout);
      await plan(world, 'checkout');
      await says(world, clusters[0]!, failedHook);
      await world.pass(10_000);
      await settle(world, rollout);
      await says(world, clusters[0]!, {});
      await settle(world, rollout);
      await plan(world, 'checkout');
      deepEqual(await isOrdered(world, clusters), [true, false]);
      await world.push('checkout');
      const [next] = (await plan(world, 'checkout'))!.rollouts;
      equal(next!.supersedes, rollout);
      deepEqual(await world.record.settleRollout(rollout), undefined);
      await settle(world, next!.uid);
      await plan(world, 'checkout');
      deepEqual(await isOrdered(world, clusters), [true, false]);
    },
  },
  {
    title: 'a newer release waits for the one that is under way, and a cluster that joins gets what finished',
    run: async (world) => {
      const { clusters, rollout } = await inWaves(world, ['c1', 'c2']);
      await arrive(world, { clusters, rollout });
      await world.push('checkout');
      const [second] = (await plan(world, 'checkout'))!.rollouts;
      const joined = await world.addCluster('c3');
      await world.push('checkout');
      const waiting = await plan(world, 'checkout');
      deepEqual([waiting!.rollouts, waiting!.changes.map(({ cluster }) => cluster)], [[], [joined]]);
      equal(waiting!.changes[0]!.entry.release, await firstRelease(world));
      await world.record.steerRollout({ ...place, order: 'abort' }, by);
      equal((await plan(world, 'checkout'))!.rollouts.length, 1);
      deepEqual(await world.record.settleRollout(second!.uid), undefined);
    },
  },
  {
    title: 'a person pauses, goes on, passes by and has it tried again; an order that comes twice is carried out once',
    run: async (world) => {
      const { clusters, rollout } = await inWaves(world, ['c1', 'c2', 'c3']);
      const steer = (order: RolloutOrder, cluster?: string) =>
        world.record.steerRollout({ ...place, order, cluster }, by);
      deepEqual(await steer('pause'), { rollout, state: 'Paused', clusters: [] });
      await settle(world, rollout);
      await plan(world, 'checkout');
      deepEqual(await isOrdered(world, clusters), [false, false, false]);
      const once = { ...by, request: 'request-of-waves' };
      const resume = () => world.record.steerRollout({ ...place, order: 'resume' }, once);
      deepEqual(await Promise.all([resume(), resume()]), [await resume(), await resume()]);
      await settle(world, rollout);
      await plan(world, 'checkout');
      await says(world, clusters[0]!, failedHook);
      await world.pass(10_000);
      await settle(world, rollout);
      deepEqual(await steer('retry'), { rollout, state: 'Running', clusters: ['c1'] });
      const [asked] = (await world.record.setFor(clusters[0]!, noFence))!.entries;
      ok(asked!.syncRequest);
      await rejects(steer('retry'), { reason: 'NothingFailed' });
      deepEqual(await steer('skip', 'c1'), { rollout, state: 'Running', clusters: ['c1'] });
      await settle(world, rollout);
      await plan(world, 'checkout');
      deepEqual(await isOrdered(world, clusters), [true, true, true]);
      deepEqual(await steer('abort'), { rollout, state: 'Aborted', clusters: [] });
      await rejects(steer('pause'), { reason: 'RolloutMissing' });
    },
  },
  {
    title:
      'who was well is failed by no deadline any more: not by a moment of unrest, nor by settings that it has yet to say',
    run: async (world) => {
      const { clusters, rollout } = await inWaves(world, ['c1', 'c2', 'c3']);
      const steer = (order: RolloutOrder) => world.record.steerRollout({ ...place, order }, by);
      await settle(world, rollout);
      await plan(world, 'checkout');
      await says(world, clusters[0]!, {});
      await steer('pause');
      await settle(world, rollout);
      await world.pass(16 * 60_000);
      await steer('resume');
      await says(world, clusters[0]!, { health: 'Progressing' });
      await settle(world, rollout);
      await says(world, clusters[0]!, {});
      await world.freeze('incident');
      await plan(world, 'checkout');
      await settle(world, rollout);
      await world.lift('incident');
      await plan(world, 'checkout');
      await says(world, clusters[0]!, {});
      await settle(world, rollout);
      await plan(world, 'checkout');
      deepEqual(await isOrdered(world, clusters), [true, true, true]);
    },
  },
  {
    title:
      'who was well and is not any more has a deadline anew: what does not recover in it is failed, and stops the others',
    run: async (world) => {
      const { clusters, rollout } = await inWaves(world, ['c1', 'c2', 'c3']);
      const steer = (order: RolloutOrder) => world.record.steerRollout({ ...place, order }, by);
      const look = async () => {
        await settle(world, rollout);
        await plan(world, 'checkout');
        return isOrdered(world, clusters);
      };
      await look();
      await says(world, clusters[0]!, {});
      await steer('pause');
      await look();
      await world.pass(16 * 60_000);
      await steer('resume');
      await says(world, clusters[0]!, { health: 'Progressing' });
      deepEqual(await look(), [true, false, false]);
      await world.pass(16 * 60_000);
      await look();
      await says(world, clusters[0]!, {});
      // A person has to say that it goes on: it was halted.
      deepEqual(await look(), [true, false, false]);
      deepEqual((await steer('resume')).state, 'Running');
      deepEqual(await look(), [true, true, true]);
    },
  },
  {
    title: 'one that was aborted is taken up again where it was, and by nothing but a retry',
    run: async (world) => {
      const { clusters, rollout } = await inWaves(world, ['c1', 'c2', 'c3']);
      const steer = (order: RolloutOrder) => world.record.steerRollout({ ...place, order }, by);
      await settle(world, rollout);
      await plan(world, 'checkout');
      await steer('abort');
      deepEqual((await plan(world, 'checkout'))!.rollouts, []);
      await rejects(steer('resume'), { reason: 'RolloutMissing' });
      deepEqual(await steer('retry'), { rollout, state: 'Running', clusters: [] });
      await arrive(world, { clusters, rollout });
      deepEqual(await isOrdered(world, clusters), [true, true, true]);
      equal(await world.record.settleRollout(rollout), undefined);
      await rejects(steer('retry'), { reason: 'RolloutMissing' });
    },
  },
];

const place = { project: 'default', application: 'checkout', environment: 'dev' };
const failedHook: Partial<TargetStatus> = {
  sync: 'OutOfSync',
  health: 'Degraded',
  reason: { code: 'HookFailed', message: 'the migration failed' },
};

/** `checkout` begins to go over these clusters, the first of them before the others. */
async function inWaves(world: DeliveryWorld, names: readonly string[]) {
  await world.useStrategy({ waves: [{ name: 'canary', take: 1 }] });
  const clusters: string[] = [];
  for (const name of names) clusters.push(await world.addCluster(name));
  await world.push('checkout');
  const [rollout] = (await plan(world, 'checkout'))!.rollouts;
  return { clusters, rollout: rollout!.uid };
}

async function arrive(world: DeliveryWorld, { clusters, rollout }: { clusters: readonly string[]; rollout: string }) {
  for (let looks = 0; looks < 3; looks++) {
    await world.record.settleRollout(rollout);
    await plan(world, 'checkout');
    for (const cluster of clusters) await says(world, cluster, {});
  }
}

async function settle({ record }: DeliveryWorld, rollout: string): Promise<number[]> {
  const progress = await record.settleRollout(rollout);
  return [progress!.total, progress!.arrived];
}

async function isOrdered(world: DeliveryWorld, clusters: readonly string[]): Promise<boolean[]> {
  return (await revisions(world, clusters)).map((revision) => revision !== undefined);
}

async function revisions({ record }: DeliveryWorld, clusters: readonly string[]): Promise<(string | undefined)[]> {
  const sets = await Promise.all(clusters.map((cluster) => record.setFor(cluster, noFence)));
  return sets.map((set) => set?.entries[0]?.source.revision);
}

/** The agent of a cluster says this of what it holds, where it holds anything. */
async function says(world: DeliveryWorld, cluster: string, over: Partial<TargetStatus>): Promise<void> {
  const set = await world.record.setFor(cluster, noFence);
  if (set) await world.report(cluster, set.fence, [statusOf(set.entries[0]!, over)]);
}

/** The release that came first of those that there are. */
async function firstRelease({ record, uids, ids }: DeliveryWorld): Promise<string | undefined> {
  let first: string | undefined;
  await record.plan(uids.checkout, (facts) => {
    first = facts.releases.at(-1)?.uid;
    return planDelivery(facts, ids);
  });
  return first;
}
