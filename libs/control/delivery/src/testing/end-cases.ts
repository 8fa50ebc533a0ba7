import { deepEqual, equal, rejects } from 'node:assert/strict';
import { noFence } from '@flotilla/model';
import { setDigest } from '@flotilla/model/node';
import { plan, statusOf, type DeliveryRecordCase } from './delivery-world.ts';

/** How targets leave, and how rollouts end. */
export const endCases: readonly DeliveryRecordCase[] = [
  {
    title: 'a target leaves only when its agent says so, and is forgotten only when the agent heard of it',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      await world.deleteApplication('checkout');
      await plan(world, 'checkout');
      const leaving = (await world.record.setFor(cluster, { epoch: 1, generation: 1 }))!;
      const [entry] = leaving.entries;
      deepEqual([entry!.intent, leaving.gone], ['orphan', []]);
      await world.report(cluster, leaving.fence, [statusOf(entry!, { generation: 1, gone: true })]);
      equal((await plan(world, 'checkout'))!.removals.length, 0);
      await world.report(cluster, leaving.fence, [statusOf(entry!, { gone: true })]);
      equal((await plan(world, 'checkout'))!.removals.length, 1);
      const gone = (await world.record.setFor(cluster, leaving.fence))!;
      deepEqual([gone.entries, gone.gone, gone.setDigest], [[], [entry!.target], setDigest([])]);
      await world.record.behind(new Map([[cluster, leaving.fence]]));
      equal(await world.record.clusterOf('default', entry!.target), cluster);
      await world.record.behind(new Map([[cluster, gone.fence]]));
      await rejects(world.record.clusterOf('default', entry!.target), { reason: 'TargetMissing' });
      deepEqual(await plan(world, 'checkout'), undefined);
    },
  },
  {
    title: 'a rollout finishes when all its targets are well at the generation that brought it',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      const [rollout] = (await plan(world, 'checkout'))!.rollouts;
      const settle = () => world.record.settleRollout(rollout!.uid);
      const progress = (arrived: number) => ({ application: 'checkout', environment: 'dev', total: 1, arrived });
      deepEqual(await settle(), progress(0));
      const { entries, fence } = (await world.record.setFor(cluster, noFence))!;
      await world.report(cluster, fence, [statusOf(entries[0]!, { health: 'Progressing' })]);
      deepEqual(await settle(), progress(0));
      await world.report(cluster, fence, [statusOf(entries[0]!, {})]);
      deepEqual(await settle(), progress(1));
      deepEqual(await settle(), undefined);
    },
  },
  {
    title: 'what a freeze keeps at the release before it has not arrived, however well it is',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      const says = async () => {
        const { entries, fence } = (await world.record.setFor(cluster, noFence))!;
        await world.report(cluster, fence, [statusOf(entries[0]!, {})]);
      };
      await world.push('checkout');
      await plan(world, 'checkout');
      await world.freeze('sale');
      await plan(world, 'checkout');
      await world.push('checkout');
      const [rollout] = (await plan(world, 'checkout'))!.rollouts;
      const arrived = async () => (await world.record.settleRollout(rollout!.uid))?.arrived;
      await says();
      const frozen = await arrived();
      await world.lift('sale');
      await plan(world, 'checkout');
      const told = await arrived();
      await says();
      deepEqual([frozen, told, await arrived(), await arrived()], [0, 0, 1, undefined]);
    },
  },
  {
    title: 'a rollout ends with the application that it was for',
    run: async (world) => {
      await world.push('checkout');
      const [rollout] = (await plan(world, 'checkout'))!.rollouts;
      equal((await world.record.settleRollout(rollout!.uid))!.total, 0);
      await world.deleteApplication('checkout');
      deepEqual((await plan(world, 'checkout'))!.withdrawn, [rollout!.uid]);
      deepEqual(await world.record.settleRollout(rollout!.uid), undefined);
    },
  },
];
