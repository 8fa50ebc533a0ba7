import { expect, it } from 'vitest';
import { configMapKey, configMapText } from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

const inventory = async (world: TargetWorld) => {
  const [record] = await world.ports.records.load(() => undefined);
  return record!.inventory.map(({ key, uid, making }) => `${key.name}${uid ? ' known' : ''}${making ? ' making' : ''}`);
};

it('what is about to be made is written down before it is made', async () => {
  const world = await TargetWorld.open();
  await world.run([configMapText('one')]);
  world.failing.fail({ on: 'apply ConfigMap' });
  await world.run([configMapText('one', { a: '2' }), configMapText('two')]);
  expect(await inventory(world)).toEqual(['one known', 'two']);
});

it('what is to be made from something else by now is written down as made again', async () => {
  const world = await TargetWorld.open();
  world.failing.fail({ on: 'apply ConfigMap' });
  await world.run([configMapText('one'), configMapText('two')]);
  await world.run([configMapText('one', { a: '2' }), configMapText('two')]);
  expect(await inventory(world)).toEqual(['one making', 'two']);
});

it('what is about to be made again as well: it may come to be under another uid', async () => {
  const world = await TargetWorld.open();
  await world.run([configMapText('one')]);
  world.failing.fail({ on: 'apply ConfigMap' });
  await world.people.delete(configMapKey('one'), { uid: world.api.peek(configMapKey('one'))!.metadata.uid! });
  await world.settle();
  expect(await inventory(world)).toEqual(['one known making']);
});
