import { deepEqual, equal, rejects } from 'node:assert/strict';
import { noFence, systemActor, type Fence } from '@flotilla/model';
import { planDelivery } from '../plan/plan-delivery.ts';
import type { RecoveryOrder } from '../recovery/recovery-record.port.ts';
import type { DeliveryRecordCase, DeliveryWorld } from './delivery-world.ts';

const order: RecoveryOrder = { epoch: 1, reason: 'restored', by: systemActor('test') };

/** What every filling of the record of epochs does. Free of any test runner. */
export const recoveryCases: readonly DeliveryRecordCase[] = [
  {
    title: 'a cluster that is ahead is told, and gets the whole set in the next epoch, above all that it holds',
    run: async (world) => {
      const cluster = await clusterThatHolds(world, { epoch: 1, generation: 9 });
      const { ahead, epoch } = await world.recovery.standing();
      deepEqual(
        [epoch, ahead.map(({ uid, fence, held }) => ({ uid, fence, held }))],
        [1, [{ uid: cluster, fence: { epoch: 1, generation: 1 }, held: { epoch: 1, generation: 9 } }]],
      );
      deepEqual(await world.recovery.recover(order), { epoch: 2, opened: true });
      const set = (await world.record.setFor(cluster, 'last-heard'))!;
      deepEqual(
        [set.fence, set.previous, set.entries],
        [{ epoch: 2, generation: 10 }, 0, await world.recovery.entriesOf(cluster)],
      );
      deepEqual((await world.recovery.standing()).ahead, []);
    },
  },
  {
    title: 'two people who recover at once open one epoch, and so does one who comes late',
    run: async (world) => {
      await clusterThatHolds(world, { epoch: 1, generation: 9 });
      const both = await Promise.all([world.recovery.recover(order), world.recovery.recover(order)]);
      deepEqual([...both.map(({ epoch }) => epoch), both.filter(({ opened }) => opened).length], [2, 2, 1]);
      deepEqual(await world.recovery.recover(order), { epoch: 2, opened: false });
    },
  },
  {
    title: 'no epoch is opened while nobody is ahead',
    run: async (world) => {
      await clusterThatHolds(world, { epoch: 1, generation: 1 });
      deepEqual(await world.recovery.recover(order), { epoch: 1, opened: false });
    },
  },
  {
    title: 'the next epoch is above those that were opened after the backup',
    run: async (world) => {
      const cluster = await clusterThatHolds(world, { epoch: 4, generation: 2 });
      deepEqual(await world.recovery.recover(order), { epoch: 5, opened: true });
      equal((await world.record.setFor(cluster, 'last-heard'))!.fence.epoch, 5);
    },
  },
  {
    title: 'a cluster that lies about its epoch carries nobody along, and stays ahead',
    run: async (world) => {
      const liar = await clusterThatHolds(world, { epoch: 2_147_483_647, generation: 2_147_483_647 });
      deepEqual(await world.recovery.recover(order), { epoch: 2, opened: true });
      await rejects(world.record.setFor(liar, 'last-heard'), { reason: 'SetHeldBack' });
      equal((await world.recovery.standing()).ahead.length, 1);
      equal((await world.record.setFor(liar, noFence))!.fence.epoch, 2);
    },
  },
];

/** One target of `checkout` is planned, and the cluster says that it holds this. */
async function clusterThatHolds(world: DeliveryWorld, fence: Fence): Promise<string> {
  const cluster = await world.addCluster('c1');
  await world.push('checkout');
  await world.record.plan(world.uids.checkout, (facts) => planDelivery(facts, world.ids));
  await world.report(cluster, fence, []);
  return cluster;
}
