import { beforeEach, describe, expect, it } from 'vitest';
import { configMapKey, configMapText, shipDefinition } from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

let world: TargetWorld;

beforeEach(async () => {
  world = await TargetWorld.open();
});

const invalid = (message: string) =>
  ({ code: 'invalid', reason: 'ObjectInvalid', message, consequence: { kind: 'stall', until: 'mended' } }) as const;
const requests = () =>
  world.failing.calls
    .splice(0)
    .filter(({ verb, subject }) => /dryRun|apply|get/.test(verb) && !subject.startsWith('Secret'))
    .map(({ verb, subject }) => `${verb} ${subject}`);

describe('one object that the API server would not take', () => {
  const refusal = invalid('apply ConfigMap apps/b: ConfigMap "b" is invalid: data.size: Invalid value: "9": too large');

  it('stops the set before the first write, and is named with its field and line', async () => {
    world.failing.fail({ on: 'dryRun ConfigMap apps/b', fault: refusal });
    const b = configMapText('b', {}).replace('data: {}', 'data:\n  other: x\n  size: "9"');
    await world.run([configMapText('a'), b, configMapText('c')]);
    expect([world.takeWrites(), world.status()!.reason]).toEqual([
      [],
      { code: 'ObjectInvalid', message: `nothing was applied: app/1.yaml:6: ${refusal.message}` },
    ]);
  });

  it('of many, all are named, and what only a person can mend is said first', async () => {
    world.failing.fail({ on: 'dryRun ConfigMap apps/b', fault: invalid('b is wrong') }, { on: 'dryRun' });
    await world.run([configMapText('a'), configMapText('b')]);
    expect(world.status()!.reason).toEqual({
      code: 'ObjectInvalid',
      message: 'nothing was applied: app/1.yaml:1: b is wrong; app/0.yaml:1: the API server is away',
    });
  });

  it('stops a change of what runs as well, and nothing is pruned', async () => {
    await world.run([configMapText('a'), configMapText('b'), configMapText('left')]);
    world.takeWrites();
    world.failing.fail({ on: 'dryRun ConfigMap apps/b', fault: refusal });
    await world.run([configMapText('a', { a: '2' }), configMapText('b', { a: '2' })]);
    await world.settle(3_600_000);
    expect([world.takeWrites(), world.data('a'), world.data('left')]).toEqual([[], { a: '1' }, { a: '1' }]);
  });

  it('is forgotten once Git has it right', async () => {
    world.failing.fail({ on: 'dryRun ConfigMap apps/b', fault: refusal, times: 1 });
    await world.run([configMapText('a'), configMapText('b')]);
    await world.run([configMapText('a'), configMapText('b', { a: '2' })]);
    expect([world.data('b'), world.summary()]).toEqual([{ a: '2' }, 'Synced Healthy']);
  });
});

describe('what a trial costs', () => {
  it('two requests for each new object, one for the same object in a set of its own', async () => {
    await world.run([configMapText('a'), configMapText('b')]);
    const both = requests();
    await world.run([configMapText('a', { a: '2' }), configMapText('b')]);
    expect([both, requests()]).toEqual([
      [
        'get Namespace apps',
        'dryRun ConfigMap apps/a',
        'dryRun ConfigMap apps/b',
        'apply ConfigMap apps/a',
        'apply ConfigMap apps/b',
      ],
      ['apply ConfigMap apps/a'],
    ]);
  });

  it('nothing for what the API server took under another name a moment ago', async () => {
    const serviceOf = (name: string) => configMapText(name, { service: name });
    await world.run([serviceOf('catalog'), serviceOf('checkout')]);
    const tried = requests().filter((line) => line.startsWith('dryRun'));
    await world.run([serviceOf('catalog'), serviceOf('checkout'), serviceOf('cart'), configMapText('other')]);
    expect([tried.length, requests().filter((line) => line.startsWith('dryRun'))]).toEqual([
      2,
      ['dryRun ConfigMap apps/other'],
    ]);
  });

  it('one for what is changed, whatever was made like it: only it knows what it is now', async () => {
    await world.run([configMapText('checkout'), configMapText('other')]);
    await world.run([
      configMapText('checkout'),
      configMapText('other'),
      configMapText('catalog', { a: '2' }),
      configMapText('cart'),
    ]);
    requests();
    const changed = ['checkout', 'other'].map((name) => configMapText(name, { a: '2' }));
    await world.run([...changed, configMapText('catalog', { a: '2' }), configMapText('cart')]);
    expect(requests().filter((line) => line.startsWith('dryRun'))).toEqual([
      'dryRun ConfigMap apps/checkout',
      'dryRun ConfigMap apps/other',
    ]);
  });

  it('nothing where nothing is new: what others changed was taken once already', async () => {
    await world.run([configMapText('a'), configMapText('b')]);
    for (const name of ['a', 'b']) await world.people.mergePatch(configMapKey(name), { data: { a: 'by hand' } });
    requests();
    await world.settle();
    await world.settle(3_600_000);
    expect(requests().filter((line) => line.startsWith('dryRun'))).toEqual([]);
  });
});

describe('what cannot be tried is left to its turn', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: new}\n';
  const inNew = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one, namespace: new}\n';
  const after = configMapText('after', {}, { 'flotilla.dev/depends-on': '/namespaces/apps/ConfigMap/before' });

  it('an object of a kind, or in a namespace, that comes with it, or after what it depends on', async () => {
    const ship = 'apiVersion: example.org/v1\nkind: Ship\nmetadata: {name: one}\n';
    await world.run([shipDefinition, ship, namespace, inNew, after, configMapText('before')]);
    await world.settle(60_000);
    expect([
      requests()
        .filter((line) => line.startsWith('dryRun'))
        .toSorted(),
      world.status()!.sync,
    ]).toEqual([
      ['dryRun ConfigMap apps/before', 'dryRun CustomResourceDefinition ships.example.org', 'dryRun Namespace new'],
      'Synced',
    ]);
  });

  it.each([
    ['a webhook that must not be asked in vain', { code: 'unavailable', reason: 'DryRunUnsupported', message: 'no' }],
    [
      'a refusal for the sake of another object',
      { code: 'forbidden', reason: 'AdmissionDenied', message: 'error looking up service account apps/x: not found' },
    ],
  ] as const)('%s', async (_, fault) => {
    world.failing.fail({ on: 'dryRun ConfigMap apps/a', fault });
    await world.run([configMapText('a'), configMapText('b')]);
    expect(world.summary()).toBe('Synced Healthy');
  });
});

it('what comes in a later turn is tried before the first turn is written, and not a second time', async () => {
  const later = configMapText('later', {}, { 'argocd.argoproj.io/sync-wave': '1' });
  world.failing.fail({ on: 'dryRun ConfigMap apps/later', fault: invalid('later is wrong'), times: 1 });
  await world.run([configMapText('first'), later]);
  const first = [world.takeWrites(), world.status()!.reason?.code];
  requests();
  await world.settle(120_000);
  const tried = requests().filter((line) => line.startsWith('dryRun'));
  expect([first, tried, world.summary()]).toEqual([
    [[], 'ObjectInvalid'],
    ['dryRun ConfigMap apps/first', 'dryRun ConfigMap apps/later'],
    'Synced Healthy',
  ]);
});

describe('while a set is refused', () => {
  const refusal = invalid('no');

  it('what runs is kept in step, as its application says', async () => {
    await world.run([configMapText('a'), configMapText('b')]);
    world.failing.fail({ on: 'dryRun ConfigMap apps/c', fault: refusal });
    await world.run([configMapText('a'), configMapText('b'), configMapText('c'), configMapText('d')]);
    await world.people.mergePatch(configMapKey('a'), { data: { a: 'by hand' } });
    await world.settle(120_000);
    expect([world.data('a'), world.data('d'), world.status()!.reason!.code]).toEqual([
      { a: '1' },
      undefined,
      'ObjectInvalid',
    ]);
  });
});
