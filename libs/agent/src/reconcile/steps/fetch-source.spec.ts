import { expect, it } from 'vitest';
import { configMapText } from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

it('asks Git once for a source digest, however often the target is looked at', async () => {
  const world = await TargetWorld.open();
  await world.run([configMapText('one')]);
  await world.settle(3_600_000);
  await world.restart();
  expect(world.git.reads).toBe(1);
});

it('AT-05 a fetch that fails leaves what runs as it is, and is tried again', async () => {
  const world = await TargetWorld.open();
  const first = await world.run([configMapText('one')]);
  world.gitHost.gone = true;
  const second = await world.run([configMapText('one', { a: '2' })]);
  await world.settle(3_600_000);
  const during = [world.data('one'), world.status()!.revision, world.summary()];
  world.gitHost.gone = false;
  await world.settle(120_000);
  expect([during, world.data('one'), world.status()!.revision]).toEqual([
    [{ a: '1' }, first.source.revision, 'Unknown Unknown GitUnreachable'],
    { a: '2' },
    second.source.revision,
  ]);
});
