import { beforeEach, describe, expect, it } from 'vitest';
import { marks } from '../names.ts';
import { configMapKey, configMapText } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

const texts = [configMapText('one'), configMapText('two')];
const markOf = (name: string) => world.api.peek(configMapKey(name))?.metadata.labels?.[marks.target];
const standing = () => [world.summary('target2'), markOf('one'), markOf('two'), world.record() === undefined];

describe('AT-43: a target that gets another uid', () => {
  it('takes over what runs under the old one, and nothing is deleted or made again', async () => {
    await world.run(texts);
    const before = world.api.peek(configMapKey('one'))!.metadata.uid;
    await world.unlist('target1');
    await world.run(texts, { target: 'target2' });
    expect([standing(), world.api.peek(configMapKey('one'))!.metadata.uid, world.status()!.gone]).toEqual([
      ['Synced Healthy', 'target2', 'target2', true],
      before,
      true,
    ]);
  });

  it('prunes what the old one left behind and Git no longer holds, as its own', async () => {
    await world.run(texts);
    await world.unlist('target1');
    await world.run([configMapText('one')], { target: 'target2' });
    expect([world.data('one'), world.data('two'), world.summary('target2')]).toEqual([
      { a: '1' },
      undefined,
      'Synced Healthy',
    ]);
  });

  it('does so again when it was cut off in between', async () => {
    await world.run(texts);
    await world.unlist('target1');
    const denied = { code: 'unavailable', reason: 'Away', message: 'away' } as const;
    world.failing.fail({ on: 'delete Secret', fault: denied });
    const entry = await world.run(texts, { target: 'target2' });
    world.failing.heal();
    await world.restart(entry);
    await world.settle(60_000);
    expect(standing()).toEqual(['Synced Healthy', 'target2', 'target2', true]);
  });

  it.each([
    ['is still ordered', {}, false],
    ['is of another environment', { environment: 'production' }, true],
    ['is of another application', { application: 'catalog' }, true],
  ])('takes nothing from one that %s', async (_what, over, unlisted) => {
    await world.run(texts);
    if (unlisted) await world.unlist('target1');
    await world.run(texts, { target: 'target2', ...over });
    expect([world.summary('target2').includes('Synced Healthy'), markOf('one')]).toEqual([false, 'target1']);
  });

  it('takes nothing from one that a person suspended, until that is lifted', async () => {
    await world.run(texts);
    await world.unlist('target1');
    await world.annotateRecord({ [marks.suspend]: 'mine' });
    await world.run(texts, { target: 'target2' });
    const during = markOf('one');
    await world.annotateRecord({ [marks.suspend]: null });
    await world.settle(600_000);
    expect([during, standing()]).toEqual(['target1', ['Synced Healthy', 'target2', 'target2', true]]);
  });
});
