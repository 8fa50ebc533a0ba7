import { beforeEach, describe, expect, it } from 'vitest';
import { appsNamespace, configMapKey } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

let world: TargetWorld;
const message = 'apply ConfigMap apps/one: ConfigMap "one" is invalid: data: Forbidden: field is immutable';
const fixed = { code: 'invalid', reason: 'FieldImmutable', message } as const;
const asked = { 'flotilla.dev/replace': 'true' };
const object = (kind: string, data: object, metadata: object = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'one', ...metadata }, data });
const one = (data: object, annotations: object = {}, metadata: object = {}) =>
  object('ConfigMap', data, { annotations, ...metadata });

beforeEach(async () => {
  world = await TargetWorld.open();
});

/** The API server refuses to change it for as long as this very object is there. */
function keepFixed(kind = 'ConfigMap'): void {
  const { cluster } = world.failing;
  const apply = cluster.apply.bind(cluster);
  const key = { ...configMapKey('one'), kind, ...(kind === 'Namespace' && { namespace: undefined }) };
  const { uid } = world.api.peek(key)!.metadata;
  Object.assign(world.ports.cluster, {
    apply: (...[wanted, options]: Parameters<typeof apply>) => {
      const isFixed = wanted.kind === kind && world.api.peek(key)?.metadata.uid === uid;
      if (isFixed) world.failing.fail({ on: options.dryRun ? 'dryRun' : 'apply', times: 1, fault: fixed });
      return apply(wanted, options);
    },
  });
}

const change = async (before: string, after: string) => {
  await world.run([before]);
  keepFixed();
  world.takeWrites();
  await world.run([after]);
  await world.settle(120_000);
};

describe('a field that cannot be changed in place', () => {
  it('is named with its place and the way out, and nothing is deleted', async () => {
    await change(one({ a: '1' }), one({ a: '2' }));
    expect([world.takeWrites(), world.status()!.reason]).toEqual([
      [],
      {
        code: 'FieldImmutable',
        message: `app/0.yaml:1: ${message}; it cannot be changed in place: give it another name, or write flotilla.dev/replace: "true" among its annotations in Git, and it is deleted and made again`,
      },
    ]);
  });

  it('stops a set before its first write', async () => {
    await world.run([one({ a: '1' })]);
    keepFixed();
    world.takeWrites();
    const other = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } });
    await world.run([one({ a: '2' }), other]);
    expect([world.takeWrites(), world.summary()]).toEqual([[], 'OutOfSync Missing FieldImmutable']);
  });

  it.each([
    ['our word', asked],
    ["Argo CD's words", { 'argocd.argoproj.io/sync-options': 'Replace=true, Force=true' }],
  ])('with %s for it the object is deleted and made again', async (_, annotations) => {
    await change(one({ a: '1' }), one({ a: '2' }, annotations));
    expect([world.takeWrites(), world.data('one'), world.summary()]).toEqual([
      ['delete ConfigMap apps/one by flotilla', 'apply ConfigMap apps/one by flotilla'],
      { a: '2' },
      'Synced Healthy',
    ]);
  });

  it.each([
    ['Replace=true alone asks for an update', { 'argocd.argoproj.io/sync-options': 'Replace=true' }],
    ['another word than true is none', { 'flotilla.dev/replace': 'yes' }],
  ])('%s', async (_, annotations) => {
    await change(one({ a: '1' }), one({ a: '2' }, annotations));
    expect(world.data('one')).toEqual({ a: '1' });
  });

  it('nothing is made again where the change is taken in place', async () => {
    await world.run([one({ a: '1' }, asked)]);
    world.takeWrites();
    await world.run([one({ a: '2' }, asked)]);
    expect(world.takeWrites()).toEqual(['apply ConfigMap apps/one by flotilla']);
  });
});

describe('what is not made again though Git asks for it', () => {
  it.each([
    ['a person suspended it in that very moment', { 'flotilla.dev/suspend': 'mine' }],
    ['a person said that it is never deleted', { 'flotilla.dev/prune': 'false' }],
  ])('%s', async (_, annotations) => {
    await world.run([one({ a: '1' })]);
    keepFixed();
    const { get } = world.failing.cluster;
    Object.assign(world.ports.cluster, {
      get: async (key: Parameters<typeof get>[0]) => {
        const there = await get(key);
        return there && { ...there, metadata: { ...there.metadata, annotations } };
      },
    });
    await world.run([one({ a: '2' }, asked)]);
    expect([world.data('one'), world.status()!.reason?.code]).toEqual([{ a: '1' }, 'FieldImmutable']);
  });

  it('one that was made by somebody else since', async () => {
    await world.run([one({ a: '1' })]);
    keepFixed();
    const { get } = world.failing.cluster;
    Object.assign(world.ports.cluster, {
      get: async (key: Parameters<typeof get>[0]) => {
        const there = await get(key);
        return there && { ...there, metadata: { ...there.metadata, uid: 'another' } };
      },
    });
    await world.run([one({ a: '2' }, asked)]);
    const deletes = world.failing.calls.filter(({ verb }) => verb === 'delete');
    expect([world.data('one'), deletes, world.status()!.reason?.code]).toEqual([{ a: '1' }, [], 'FieldImmutable']);
  });

  it('a kind that takes more with it, before a person approves exactly that', async () => {
    const claim = (data: object) => object('PersistentVolumeClaim', data, { annotations: asked });
    await world.run([claim({ a: '1' })]);
    keepFixed('PersistentVolumeClaim');
    world.takeWrites();
    await world.run([claim({ a: '2' })]);
    const during = [world.takeWrites(), world.status()!.reason!.code];
    const [, approval] = /approve-prune=(\w+)/.exec(world.status()!.reason!.message)!;
    await world.annotateRecord({ 'flotilla.dev/approve-prune': approval! });
    await world.settle(120_000);
    expect([during, world.takeWrites()]).toEqual([
      [[], 'ApprovalRequired'],
      ['delete PersistentVolumeClaim apps/one by flotilla', 'apply PersistentVolumeClaim apps/one by flotilla'],
    ]);
  });
});

it('finalizers are waited for, and the object is made when they let it go', async () => {
  await world.run([one({ a: '1' }, asked, { finalizers: ['example.org/hold'] })]);
  keepFixed();
  await world.run([one({ a: '2' }, asked, { finalizers: ['example.org/hold'] })]);
  const during = [world.data('one'), world.status()!.reason!.code];
  await world.people.mergePatch(configMapKey('one', appsNamespace), { metadata: { finalizers: null } });
  await world.settle(60_000);
  expect([during, world.data('one')]).toEqual([[{ a: '1' }, 'ReplacePending'], { a: '2' }]);
});

it('AT-33 killed at any call of a replacement, it comes right', async () => {
  const outcomes = new Set<string>();
  for (let calls = 1; calls <= 12; calls++) {
    for (const afterEffect of [false, true]) {
      world = await TargetWorld.open();
      await world.run([one({ a: '1' })]);
      keepFixed();
      world.failing.dieAfter(calls, afterEffect);
      const entry = await world.run([one({ a: '2' }, asked)]);
      world.failing.heal();
      await world.restart(entry);
      await world.settle(600_000);
      outcomes.add(JSON.stringify([world.data('one'), world.summary()]));
    }
  }
  expect([...outcomes]).toEqual([JSON.stringify([{ a: '2' }, 'Synced Healthy'])]);
});
