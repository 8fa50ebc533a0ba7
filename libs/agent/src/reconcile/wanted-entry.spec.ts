import { beforeEach, describe, expect, it } from 'vitest';
import { runIntent, type DesiredEntry } from '@flotilla/model';
import { configMapKey, configMapText } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

let world: TargetWorld;
let first: DesiredEntry;
let second: DesiredEntry;

const pin = (text: string | null) => world.annotateRecord({ 'flotilla.dev/pin': text });
const seen = () => [world.data('one')?.a, world.data('extra')?.a, world.summary()];

beforeEach(async () => {
  world = await TargetWorld.open();
  first = await world.run([configMapText('one'), configMapText('extra')]);
  second = await world.run([configMapText('one', { a: '2' }), configMapText('extra'), configMapText('new')]);
});

describe('a person pins a target to a bundle that the cluster holds', () => {
  it('by its commit: it runs that, deletes nothing, and says who holds it and what Git says', async () => {
    await pin(first.source.revision);
    expect([seen(), world.data('new'), world.status()!.reason, world.status()!.revision]).toEqual([
      ['1', '1', 'OutOfSync Healthy Pinned'],
      { a: '1' },
      {
        code: 'Pinned',
        message: expect.stringMatching(/^held at 0000000\w* by kubectl-edit since 2026.*: Git says 0000000/),
      },
      first.source.revision,
    ]);
  });

  it('by its source digest', async () => {
    await pin(first.sourceDigest);
    expect(seen()).toEqual(['1', '1', 'OutOfSync Healthy Pinned']);
  });

  it('to whatever was well before, and stays there, whatever is ordered meanwhile', async () => {
    await pin('previous-good');
    const held = [seen(), world.status()!.revision];
    await world.restart();
    world.gitHost.gone = true;
    await world.order({ ...second, generation: 9 });
    await world.settle(60_000);
    expect([held, seen(), world.status()!.revision]).toEqual([
      [['1', '1', 'OutOfSync Healthy Pinned'], first.source.revision],
      ['1', '1', 'OutOfSync Healthy Pinned'],
      first.source.revision,
    ]);
  });

  it('with Git and everybody else gone, and over a restart', async () => {
    world.gitHost.gone = true;
    await pin(first.sourceDigest);
    await world.restart();
    expect(seen()).toEqual(['1', '1', 'OutOfSync Healthy Pinned']);
  });

  it('outranks every set until it is taken off', async () => {
    await pin(first.sourceDigest);
    await world.run([configMapText('one', { a: '3' }), configMapText('extra')]);
    await world.order({ ...second, intent: 'delete' });
    const held = seen();
    await world.order({ ...second, generation: 9 });
    await pin(null);
    expect([held, seen()]).toEqual([
      ['1', '1', 'OutOfSync Healthy Pinned'],
      ['2', '1', 'Synced Healthy'],
    ]);
  });

  it('also an order that comes in the middle of the work does not lift it', async () => {
    await pin(first.sourceDigest);
    const apply = world.failing.cluster.apply.bind(world.failing.cluster);
    (world.ports.cluster as { apply: typeof apply }).apply = async (object, options) => {
      world.reconciler.order('target1', { ...second, generation: 9 });
      return apply(object, options);
    };
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await world.settle(1_000);
    expect([seen(), world.takeWrites().length < 9]).toEqual([['1', '1', 'OutOfSync Healthy Pinned'], true]);
  });

  it('to what it should run anyway: all is well', async () => {
    await pin(second.sourceDigest);
    expect(seen()).toEqual(['2', '1', 'Synced Healthy']);
  });

  it.each(['unknown', '000', ''])(
    'to "%s", which is not held: it stays where it is, and says what is held',
    async (text) => {
      await pin(text);
      world.takeWrites();
      await world.run([configMapText('one', { a: '3' }), configMapText('extra')]);
      expect([world.takeWrites(), world.status()!.reason]).toEqual([
        [],
        { code: 'Suspended', message: expect.stringMatching(/which is not held here; held are: \w+, \w+/) },
      ]);
    },
  );
});

describe('AT-09: an order holds a target at what ran before', () => {
  const pinOrder = { by: 'user:ann', reason: 'incident 42', since: '2026-01-01T00:00:00.000Z' };
  const back = (over: Partial<DesiredEntry> = {}): DesiredEntry => ({
    ...first,
    ...runIntent(['pin']),
    generation: second.generation + 1,
    sync: { ...first.sync, prune: false },
    pin: pinOrder,
    ...over,
  });

  it('from the bundle in the cluster: Git is not asked, nothing is deleted, and it says who holds it there', async () => {
    world.gitHost.gone = true;
    await world.order(back());
    expect([world.data('one')?.a, world.data('new'), world.status()!.sync, world.status()!.reason]).toEqual([
      '1',
      { a: '1' },
      'Synced',
      {
        code: 'Pinned',
        message: expect.stringMatching(
          /^held at 0000000\w by user:ann since 2026-01-01T00:00:00.000Z: incident 42; 1 object of what ran before stays until Git agrees$/,
        ),
      },
    ]);
  });

  it('and what was left over goes once Git says the same', async () => {
    await world.order(back());
    await world.order({ ...first, generation: second.generation + 2 });
    expect([world.data('one')?.a, world.data('new'), world.summary()]).toEqual(['1', undefined, 'Synced Healthy']);
  });

  it('also while its windows are closed, for going back is no deployment', async () => {
    const windows = [{ kind: 'deny' as const, schedule: '* * * * *', duration: '1h' }];
    await world.order(back({ windows }));
    expect([world.data('one')?.a, world.summary()]).toEqual(['1', 'Synced Healthy Pinned']);
  });
});
