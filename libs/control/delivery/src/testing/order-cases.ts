import { deepEqual, equal, ok } from 'node:assert/strict';
import { noFence } from '@flotilla/model';
import { by, plan, since, type DeliveryRecordCase } from './delivery-world.ts';

const sides = { project: 'default', application: 'checkout' };

/** What the orders of people and their freezes do to the targets that they are for. */
export const orderCases: readonly DeliveryRecordCase[] = [
  {
    title: 'an order of a person is a new generation for the targets it selects, and for no other',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      for (const name of ['checkout', 'catalog'] as const) {
        await world.push(name);
        await plan(world, name);
      }
      const suspended = { by: 'user:ann', reason: 'looking', since };
      const [target, ...others] = await world.record.suspend(sides, suspended, by);
      deepEqual([target!.name, others], ['checkout.dev.c1', []]);
      const afterwards = await world.record.setFor(cluster, { epoch: 1, generation: 2 });
      deepEqual(
        afterwards!.entries.map((entry) => [entry.target, entry.generation, entry.suspended]),
        [[target!.uid, 3, suspended]],
      );
      await world.record.suspend(sides, undefined, by);
      const [resumed] = (await world.record.setFor(cluster, { epoch: 1, generation: 3 }))!.entries;
      ok(!('suspended' in resumed!));
      deepEqual(await world.record.requestSync({ ...sides, cluster: 'nowhere' }, 'request', by), []);
      equal((await world.record.setFor(cluster, noFence))!.fence.generation, 4);
    },
  },
  {
    title: 'AT-09: an order that comes twice with one request is carried out once, and answered twice',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      const twice = { ...by, request: 'request1' };
      const order = () => world.record.suspend(sides, { by: 'user:ann', reason: 'looking', since }, twice);
      const [first, second] = await Promise.all([order(), order()]);
      deepEqual(second, first);
      await world.record.suspend(sides, undefined, { ...by, request: 'request2' });
      deepEqual(await order(), first);
      const [entry] = (await world.record.setFor(cluster, noFence))!.entries;
      deepEqual([entry!.generation, entry!.suspended], [3, undefined]);
    },
  },
  {
    title: 'a suspension outlives the next release',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      await world.record.suspend(sides, { by: 'user:ann', reason: 'looking', since }, by);
      await world.push('checkout');
      await plan(world, 'checkout');
      const [entry] = (await world.record.setFor(cluster, noFence))!.entries;
      deepEqual([entry!.generation, entry!.suspended?.reason], [3, 'looking']);
    },
  },
  {
    title: 'AT-38: a frozen target keeps its entry through the next release, and has the newest one when it is lifted',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      await world.push('checkout');
      await plan(world, 'checkout');
      const entry = async () => (await world.record.setFor(cluster, noFence))!.entries[0]!;
      const before = await entry();
      await world.freeze('year-end');
      await world.push('checkout');
      await plan(world, 'checkout');
      const { frozen, generation, intent, needs, ...held } = await entry();
      deepEqual({ ...held, intent: 'run', generation: 1 }, before);
      deepEqual(
        [frozen!.map(({ name, scope }) => [name, scope]), generation, intent, needs],
        [[['year-end', 'deploys']], 2, 'run-if-understood', ['freeze']],
      );
      await world.lift('year-end');
      await plan(world, 'checkout');
      const after = await entry();
      deepEqual([after.frozen, after.sourceDigest === before.sourceDigest, after.generation], [undefined, false, 3]);
    },
  },
  {
    title: 'AT-38: the glass is broken for what entered last, where something is frozen, and once for one request',
    run: async (world) => {
      const cluster = await world.addCluster('c1');
      for (const name of ['checkout', 'catalog'] as const) await world.push(name);
      for (const name of ['checkout', 'catalog'] as const) await plan(world, name);
      const breaking = { reason: 'hotfix', since, expires: '2999-01-01T00:00:00.000Z' };
      const order = () => world.record.breakGlass(sides, breaking, { ...by, request: 'request1' });
      deepEqual(await world.record.breakGlass(sides, breaking, by), []);
      await world.freeze('year-end');
      await world.push('checkout');
      const { releases } = (await plan(world, 'checkout'))!;
      deepEqual(await order(), await order());
      await plan(world, 'checkout');
      const passed = (await world.record.setFor(cluster, noFence))!.entries.find(({ frozen }) => frozen);
      await world.push('checkout');
      await plan(world, 'checkout');
      const next = (await world.record.setFor(cluster, noFence))!.entries.find(({ frozen }) => frozen);
      const digest = releases[0]!.digests['dev'];
      deepEqual(
        [passed!.sourceDigest, passed!.breakGlass, next!.sourceDigest],
        [digest, { by: 'system:test', ...breaking, sourceDigest: digest }, digest],
      );
    },
  },
];
