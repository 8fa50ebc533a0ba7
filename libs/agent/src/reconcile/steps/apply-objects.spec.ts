import { beforeEach, describe, expect, it } from 'vitest';
import { agentObjects } from '../../names.ts';
import {
  configMapKey,
  configMapText,
  defaultSync,
  deploymentText,
  theirs,
  shipDefinition,
} from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

let world: TargetWorld;
const refused = {
  code: 'invalid',
  reason: 'ObjectInvalid',
  message: 'no',
  consequence: { kind: 'stall', until: 'mended' },
} as const;
const waved = (name: string, wave: string) => configMapText(name, { a: '1' }, { 'argocd.argoproj.io/sync-wave': wave });

beforeEach(async () => {
  world = await TargetWorld.open();
});

describe('waves', () => {
  it('come one after another', async () => {
    await world.run([waved('last', '2'), waved('first', '-1'), configMapText('middle')]);
    expect(world.takeWrites()).toEqual(
      ['first', 'middle', 'last'].map((name) => `apply ConfigMap apps/${name} by flotilla`),
    );
  });

  it('one that fails stops those after it, not its neighbours', async () => {
    world.failing.fail({ on: 'apply ConfigMap apps/a', fault: refused });
    await world.run([configMapText('a'), configMapText('b'), waved('later', '1')]);
    expect([world.takeWrites(), world.status()!.reason]).toEqual([
      ['apply ConfigMap apps/b by flotilla'],
      { code: 'ObjectInvalid', message: 'app/0.yaml:1: no' },
    ]);
  });

  it('of many that fail, what only a person can mend is said first', async () => {
    world.failing.fail({ on: 'apply ConfigMap apps/b', fault: refused }, { on: 'apply ConfigMap apps/' });
    await world.run([configMapText('a'), configMapText('b'), configMapText('c')]);
    expect(world.status()!.reason).toEqual({
      code: 'ObjectInvalid',
      message: 'app/1.yaml:1: no (and 2 more objects failed)',
    });
  });

  it('what was done until then is written down', async () => {
    world.failing.fail({ on: 'apply ConfigMap apps/a', fault: refused });
    await world.run([configMapText('a'), configMapText('b')]);
    const [record] = await world.ports.records.load(() => undefined);
    expect(record!.inventory.map(({ key, uid }) => [key.name, uid !== undefined])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });
});

it('a definition and what it defines come in one go', async () => {
  await world.run(['apiVersion: example.org/v1\nkind: Ship\nmetadata: {name: one}\n', shipDefinition]);
  await world.settle(60_000);
  expect(world.takeWrites()).toEqual([
    'apply CustomResourceDefinition ships.example.org by flotilla',
    'apply Ship apps/one by flotilla',
  ]);
});

it('a kind that nobody knows stops the set with its place', async () => {
  await world.run([configMapText('one'), 'apiVersion: example.org/v1\nkind: Ship\nmetadata: {name: one}\n']);
  expect([world.takeWrites(), world.status()!.reason]).toEqual([
    [],
    { code: 'KindUnknown', message: expect.stringContaining('app/1.yaml:1: this cluster does not know Ship') },
  ]);
});

describe('adoption', () => {
  const adopt = { sync: { ...defaultSync, adopt: true } };

  it('is written down before it is touched', async () => {
    await world.people.create(theirs('there'));
    world.api.writes.length = 0;
    world.failing.fail({ on: 'apply ConfigMap apps/there' });
    await world.run([configMapText('there')], adopt);
    const [record] = await world.ports.records.load(() => undefined);
    expect(record!.inventory).toMatchObject([{ key: { name: 'there' }, adopted: true }]);
  });

  it('is remembered for good: what was taken over is never deleted', async () => {
    await world.people.create(theirs('there'));
    const entry = await world.run([configMapText('there')], adopt);
    await world.run([configMapText('there', { a: '2' })], adopt);
    await world.restart();
    await world.order({ ...entry, intent: 'delete' });
    expect(world.data('there')).toEqual({ a: '2', of: 'others' });
  });
});

it('stops between two objects when a person says so', async () => {
  const apply = world.failing.cluster.apply.bind(world.failing.cluster);
  (world.ports.cluster as { apply: typeof apply }).apply = async (object, options) => {
    const applied = await apply(object, options);
    if (object.metadata.name === 'first' && !options.dryRun)
      await world.people.mergePatch(world.ports.records.keyOf('target1'), {
        metadata: { annotations: { 'flotilla.dev/suspend': 'stop' } },
      });
    return applied;
  };
  await world.run([waved('first', '-1'), configMapText('second')]);
  expect([world.data('first'), world.data('second'), world.summary()]).toEqual([
    { a: '1' },
    undefined,
    'OutOfSync Missing Suspended',
  ]);
});

it('stops between two objects when an order comes, and goes on with that one', async () => {
  const newer = world.entry([waved('first', '-1'), configMapText('third')]);
  const apply = world.failing.cluster.apply.bind(world.failing.cluster);
  let ordered = false;
  (world.ports.cluster as { apply: typeof apply }).apply = async (object, options) => {
    const applied = await apply(object, options);
    if (object.metadata.name === 'first' && !options.dryRun && !ordered) {
      ordered = true;
      world.reconciler.order('target1', newer);
    }
    return applied;
  };
  await world.run([waved('first', '-1'), configMapText('second')]);
  expect([world.data('second'), world.data('third'), world.summary()]).toEqual([
    undefined,
    { a: '1' },
    'Synced Healthy',
  ]);
});

it('of a wave of many, what was not under way when an order came is not written any more', async () => {
  const newer = world.entry([configMapText('third')]);
  const apply = world.failing.cluster.apply.bind(world.failing.cluster);
  (world.ports.cluster as { apply: typeof apply }).apply = async (object, options) => {
    if (object.metadata.name === 'many-0' && !options.dryRun) world.reconciler.order('target1', newer);
    return apply(object, options);
  };
  await world.run(Array.from({ length: 40 }, (_, index) => configMapText(`many-${index}`)));
  const written = world.takeWrites().filter((line) => line.startsWith('apply ConfigMap apps/many-'));
  expect([written.length > 0, written.length <= 16, world.data('third')]).toEqual([true, true, { a: '1' }]);
});

it(
  'AT-33 killed at any call of a change, before its effect or after, it comes right and forgets nothing',
  { timeout: 30_000 },
  async () => {
    const first = [configMapText('kept'), configMapText('changed'), configMapText('pruned')];
    const second = [
      configMapText('kept'),
      configMapText('changed', { a: '2' }),
      configMapText('new'),
      deploymentText('a:1'),
    ];
    const outcomes = new Set<string>();
    for (let calls = 1; calls <= 32; calls++) {
      for (const afterEffect of [false, true]) {
        world = await TargetWorld.open();
        await world.run(first);
        world.failing.dieAfter(calls, afterEffect);
        const entry = await world.run(second);
        world.failing.heal();
        await world.restart(entry);
        await world.settle(600_000);
        const [record] = await world.ports.records.load(() => undefined);
        const objects = world.api
          .all()
          .filter(({ metadata }) => metadata.namespace === 'apps')
          .map(({ kind, metadata }) => `${kind}/${metadata.name}`);
        outcomes.add(
          JSON.stringify([
            objects.toSorted(),
            record!.inventory.map(({ key }) => `${key.kind}/${key.name}`).toSorted(),
          ]),
        );
      }
    }
    const all = ['ConfigMap/changed', 'ConfigMap/kept', 'ConfigMap/new', 'Deployment/web'];
    expect([...outcomes]).toEqual([JSON.stringify([all, all])]);
  },
);

it('AT-34 what went without any watch telling is looked at when it is to be changed, and made again', async () => {
  await world.run([configMapText('one')]);
  const gone = world.api.peek(configMapKey('one'))!;
  const watched = world.ports.live.get(configMapKey('one'))!;
  await world.people.delete(configMapKey('one'), { uid: gone.metadata.uid! });
  const { live } = world.ports;
  const get = live.get.bind(live);
  let isForgotten = false;
  live.forget = () => void (isForgotten = true);
  live.get = (key) => (isForgotten ? get(key) : watched);
  await world.run([configMapText('one', { a: '2' })]);
  await world.settle(60_000);
  expect([isForgotten, world.data('one'), world.summary()]).toEqual([true, { a: '2' }, 'Synced Healthy']);
});

it('nothing is written in the namespace of the agent but its own record', async () => {
  await world.run([configMapText('one')]);
  expect(
    world.api.writes
      .filter((line) => line.includes(`${agentObjects.namespace}/`))
      .every((line) => line.includes('Secret')),
  ).toBe(true);
});
