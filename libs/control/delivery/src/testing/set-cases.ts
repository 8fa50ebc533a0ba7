import { deepEqual, equal, rejects } from 'node:assert/strict';
import { mergeEntries, noFence, type DesiredEntry, type Fence } from '@flotilla/model';
import { entryDigest, setDigest } from '@flotilla/model/node';
import type { SetContent } from '../delivery-record.port.ts';
import { plan, type DeliveryRecordCase } from './delivery-world.ts';

/** What a cluster is sent, by what it holds. */
export const setCases: readonly DeliveryRecordCase[] = [
  {
    title: 'a change merges to the digest it names, however old what a cluster holds is',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      for (const name of ['checkout', 'catalog'] as const) {
        await world.push(name);
        await plan(world, name);
      }
      const agent = new HeldSet();
      agent.take(await world.record.setFor(cluster, agent.fence));
      deepEqual(await world.record.behind(new Map([[cluster, agent.fence]])), []);
      for (let change = 0; change < 2; change++) {
        await world.push('checkout');
        await plan(world, 'checkout');
      }
      deepEqual(await world.record.behind(new Map([[cluster, agent.fence]])), [cluster]);
      const content = agent.take(await world.record.setFor(cluster, agent.fence));
      deepEqual([content.previous, content.entries.map(({ application }) => application)], [2, ['checkout']]);
    },
  },
  {
    title: 'a cluster that is ahead of the record is sent nothing; one of another epoch gets the whole',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      const ahead = { epoch: 1, generation: 9 };
      await rejects(world.record.setFor(cluster, ahead), { reason: 'SetHeldBack' });
      deepEqual(await world.record.behind(new Map([[cluster, ahead]])), []);
      equal((await world.record.setFor(cluster, { epoch: 0, generation: 9 }))!.previous, 0);
    },
  },
  {
    title: 'a cluster that holds another set under a number of ours is sent nothing, however high we count meanwhile',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      const ours: string[] = [];
      for (let count = 0; count < 3; count++) {
        await world.push('checkout');
        await plan(world, 'checkout');
        ours.push((await world.record.setFor(cluster, noFence))!.setDigest);
      }
      const said = (digest: string) => ({ epoch: 1, generation: 2, setDigest: digest });
      deepEqual(await world.record.behind(new Map([[cluster, said('0'.repeat(64))]])), []);
      await rejects(world.record.setFor(cluster, said('0'.repeat(64))), { reason: 'SetHeldBack' });
      deepEqual(await world.record.behind(new Map([[cluster, said(ours[1]!)]])), [cluster]);
      equal((await world.record.setFor(cluster, said(ours[1]!)))!.previous, 2);
    },
  },
  {
    title: 'a cluster that holds a set under a number of ours that was never sent to it is sent nothing',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      const holds = { epoch: 1, generation: 1, setDigest: '0'.repeat(64) };
      for (let count = 0; count < 2; count++) {
        await world.push('checkout');
        await plan(world, 'checkout');
      }
      deepEqual(await world.record.behind(new Map([[cluster, holds]])), []);
      await rejects(world.record.setFor(cluster, holds), { reason: 'SetHeldBack' });
      await rejects(world.record.setFor(cluster, { ...holds, generation: 2 }), { reason: 'SetHeldBack' });
    },
  },
  {
    title: 'what an agent last said it holds is what the next change starts from',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      const { fence } = (await world.record.setFor(cluster, 'last-heard'))!;
      await world.report(cluster, fence, []);
      deepEqual(await world.record.setFor(cluster, 'last-heard'), undefined);
      await world.push('checkout');
      await plan(world, 'checkout');
      equal((await world.record.setFor(cluster, 'last-heard'))!.previous, fence.generation);
    },
  },
];

/** What an agent holds: it takes a change only if the result has the digest that the change names. */
class HeldSet {
  fence: Fence = noFence;
  #entries: readonly DesiredEntry[] = [];

  take(content: SetContent | undefined): SetContent {
    const { fence, gone, entries, ...change } = content!;
    this.#entries = mergeEntries(this.#entries, { ...change, ...fence, gone: [...gone], entries: [...entries] });
    equal(setDigest(this.#entries.map(entryDigest)), change.setDigest);
    this.fence = fence;
    return content!;
  }
}
