import { beforeEach, expect, it } from 'vitest';
import { configMapKey, configMapText } from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

let world: TargetWorld;
const claim = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: []}\n';

beforeEach(async () => {
  world = await TargetWorld.open();
});

const names = (...all: readonly string[]) => all.map((name) => configMapText(name));

it('what is gone is forgotten at once, what is held stays in the record', async () => {
  await world.run(names('keep', 'a', 'b'));
  await world.people.mergePatch(configMapKey('a'), { metadata: { finalizers: ['example.org/hold'] } });
  await world.run(names('keep'));
  const [record] = await world.ports.records.load(() => undefined);
  expect([record!.inventory.map(({ key }) => key.name), world.summary()]).toEqual([
    ['a', 'keep'],
    'OutOfSync Healthy PrunePending',
  ]);
});

it('AT-35 a refused delete does not stop its neighbours, and is tried again', async () => {
  await world.run(names('keep', 'a', 'b'));
  world.failing.fail({ on: 'delete ConfigMap apps/a', times: 2 });
  world.takeWrites();
  await world.run(names('keep'));
  const first = world.takeWrites();
  await world.settle(10_000);
  expect([first, world.takeWrites(), world.summary()]).toEqual([
    ['delete ConfigMap apps/b by flotilla'],
    ['delete ConfigMap apps/a by flotilla'],
    'Synced Healthy',
  ]);
});

it('a lost answer to a delete does no harm', async () => {
  await world.run(names('keep', 'a'));
  world.failing.fail({ on: 'delete ConfigMap apps/a', times: 1, afterEffect: true });
  await world.run(names('keep'));
  await world.settle(10_000);
  const [record] = await world.ports.records.load(() => undefined);
  expect([record!.inventory.map(({ key }) => key.name), world.summary()]).toEqual([['keep'], 'Synced Healthy']);
});

it('stops when a person says so in between', async () => {
  await world.run([...names('keep', 'a'), claim]);
  const remove = world.failing.cluster.delete.bind(world.failing.cluster);
  (world.ports.cluster as { delete: typeof remove }).delete = async (key, options) => {
    const deleted = await remove(key, options);
    await world.annotateRecord({ 'flotilla.dev/suspend': 'stop' });
    return deleted;
  };
  world.takeWrites();
  await world.run(names('keep'));
  await world.settle(600_000);
  expect([world.takeWrites().length, world.summary()]).toEqual([1, 'OutOfSync Healthy Suspended']);
});
