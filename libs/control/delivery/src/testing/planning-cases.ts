import { deepEqual, equal, rejects } from 'node:assert/strict';
import { noFence } from '@flotilla/model';
import { entryDigest, setDigest } from '@flotilla/model/node';
import type { DeliveryFacts, ReleaseFacts } from '../facts.ts';
import { planDelivery } from '../plan/plan-delivery.ts';
import { plan, type DeliveryRecordCase, type DeliveryWorld } from './delivery-world.ts';

/** What planning an application does to the record, alone and beside others that are planned. */
export const planningCases: readonly DeliveryRecordCase[] = [
  {
    title: 'a first plan reaches each cluster as its whole set, of generation one',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      const planned = await plan(world, 'checkout');
      const { changes, rollouts } = planned!;
      const entry = { ...changes[0]!.entry, generation: 1 };
      equal(rollouts.length, 1);
      deepEqual(await world.record.setFor(cluster, 'last-heard'), {
        cluster,
        fence: { epoch: 1, generation: 1 },
        previous: 0,
        entries: [entry],
        gone: [],
        setDigest: setDigest([entryDigest(entry)]),
      });
    },
  },
  {
    title: 'a release is read back as it was made',
    run: async (world) => {
      await world.push('checkout');
      const planned = await plan(world, 'checkout');
      let read: readonly ReleaseFacts[] = [];
      await world.record.plan(world.uids.checkout, (facts) => {
        read = facts.releases;
        return planDelivery(facts, world.ids);
      });
      deepEqual(read, planned!.releases);
    },
  },
  {
    title: 'planners that meet make one release and spend one generation',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      const plans = await Promise.all([1, 2, 3].map(() => plan(world, 'checkout')));
      equal(plans.filter((each) => each!.releases.length > 0).length, 1);
      equal((await world.record.setFor(cluster, noFence))!.fence.generation, 1);
    },
  },
  {
    title: 'of two applications that meet on one cluster nothing is lost, whether or not they share a generation',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await world.push('catalog');
      await Promise.all([plan(world, 'checkout'), plan(world, 'catalog')]);
      const { fence, entries } = (await world.record.setFor(cluster, noFence))!;
      deepEqual(entries.map(({ application }) => application).toSorted(), ['catalog', 'checkout']);
      equal(Math.max(...entries.map(({ generation }) => generation)), fence.generation);
    },
  },
  {
    title: 'applications that are planned at the same time each rest on the facts that they would rest on alone',
    run: async (world) => {
      await world.addCluster('c1');
      for (const name of ['checkout', 'catalog', 'checkout'] as const) {
        await world.push(name);
        await plan(world, name);
      }
      const alone = [await factsOf(world, 'checkout'), await factsOf(world, 'catalog')];
      deepEqual(await Promise.all([factsOf(world, 'checkout'), factsOf(world, 'catalog')]), alone);
      deepEqual(
        alone.map((facts) => [facts.application.name, facts.targets.length, facts.releases.length]),
        [
          ['checkout', 1, 2],
          ['catalog', 1, 1],
        ],
      );
    },
  },
  {
    title: 'one application that cannot be planned keeps nobody from it that is planned at the same time',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await world.push('catalog');
      const fails = world.record.plan(world.uids.checkout, () => {
        throw new Error('no plan');
      });
      await Promise.all([rejects(fails, /no plan/), plan(world, 'catalog')]);
      const { entries } = (await world.record.setFor(cluster, noFence))!;
      deepEqual(
        entries.map(({ application }) => application),
        ['catalog'],
      );
    },
  },
];

/** What a plan for it rests on now, whenever that is. */
async function factsOf({ record, ids, uids }: DeliveryWorld, name: 'checkout' | 'catalog') {
  const read: Omit<DeliveryFacts, 'now'>[] = [];
  await record.plan(uids[name], (facts) => {
    const { now: _, ...rest } = facts;
    read.push(rest);
    return planDelivery(facts, ids);
  });
  return read.at(-1)!;
}
