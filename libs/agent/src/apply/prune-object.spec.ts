import { beforeEach, describe, expect, it } from 'vitest';
import { ownedFields } from '@flotilla/workload-manifests';
import type { InventoryItem } from '../keep/target-record.ts';
import { configMapKey, theirs } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { letGo, pruneObject, type PruneObjectOptions } from './prune-object.ts';

const key = configMapKey('one');
let world: TargetWorld;
let item: InventoryItem;

beforeEach(async () => {
  world = await TargetWorld.open();
  const object = theirs('one', { labels: { 'flotilla.dev/target': 'target1' }, data: { a: '1' } });
  const applied = await world.api.apply(object, { force: false });
  item = { key, apiVersion: 'v1', uid: applied.kind === 'applied' ? applied.object.metadata.uid : undefined };
});

const meant = { target: 'target1', isStillMeant: () => true };
const prune = async (over: Partial<InventoryItem> = {}, options: Partial<PruneObjectOptions> = {}) => {
  const pruned = await pruneObject(world.failing.cluster, { ...item, ...over }, { ...meant, ...options });
  return pruned.kind === 'waiting' ? pruned.forWhat : pruned.kind;
};
const people = (metadata: object) => world.people.mergePatch(key, { metadata });

async function madeAgain(labels: object): Promise<void> {
  await world.people.delete(key, { uid: item.uid! });
  await world.people.create(theirs('one', { labels }));
}

describe('AT-03 what may be deleted', () => {
  const rows: readonly {
    readonly what: string;
    readonly before: () => Promise<unknown>;
    readonly over?: Partial<InventoryItem>;
    readonly pruned: string;
    readonly isThere: boolean;
  }[] = [
    { what: 'ours', before: async () => undefined, pruned: 'gone', isThere: false },
    {
      what: 'ours, and somebody deleted it already',
      before: () => world.people.delete(key, { uid: item.uid! }),
      pruned: 'gone',
      isThere: false,
    },
    {
      what: 'made again by somebody with our label',
      before: () => madeAgain({ 'flotilla.dev/target': 'target1' }),
      pruned: 'lost',
      isThere: true,
    },
    {
      what: 'made again while we were cut off',
      before: () => madeAgain({ 'flotilla.dev/target': 'target1' }),
      over: { uid: undefined },
      pruned: 'lost',
      isThere: true,
    },
    {
      what: 'ours, with our fields taken off',
      before: () => people({ managedFields: [{}] }),
      pruned: 'lost',
      isThere: true,
    },
    {
      what: 'ours, suspended by a person',
      before: () => people({ annotations: { 'flotilla.dev/suspend': 'wait' } }),
      pruned: 'a person suspended it',
      isThere: true,
    },
    {
      what: 'ours, never to be pruned',
      before: () => people({ annotations: { 'flotilla.dev/prune': 'false' } }),
      pruned: 'kept',
      isThere: true,
    },
    { what: 'adopted', before: async () => undefined, over: { adopted: true }, pruned: 'kept', isThere: true },
    {
      what: 'ours, held by a finalizer',
      before: () => people({ finalizers: ['example.org/hold'] }),
      pruned: 'it was told to go and is held by example.org/hold',
      isThere: true,
    },
  ];
  it.each(rows)('$what: $pruned', async ({ before, over, pruned, isThere }) => {
    await before();
    await world.settle();
    expect([await prune(over), world.api.peek(key) !== undefined]).toEqual([pruned, isThere]);
  });

  it('is read first, and deleted under the uid that was read', async () => {
    await prune();
    expect(world.failing.calls.map(({ verb }) => verb)).toEqual(['get', 'delete']);
  });

  it('is not deleted when somebody made it again between the reading and the deleting', async () => {
    const cluster = {
      ...world.failing.cluster,
      get: async () => {
        const there = await world.api.get(key);
        await madeAgain({});
        return there;
      },
    };
    expect([await pruneObject(cluster, item, meant), world.data('one')]).toEqual([{ kind: 'lost' }, { of: 'others' }]);
  });
});

it('what an order wants that came between the reading and the deleting is left', async () => {
  const options = { target: 'target1', isStillMeant: () => false };
  expect([await pruneObject(world.failing.cluster, item, options), world.data('one')]).toEqual([
    { kind: 'waiting', forWhat: 'an order came that may want it' },
    { a: '1' },
  ]);
});

it('AT-35 what was asked to go and is held is not asked again', async () => {
  await people({ finalizers: ['example.org/hold'] });
  const held = 'it was told to go and is held by example.org/hold';
  expect([await prune(), await prune()]).toEqual([held, held]);
  expect(world.failing.calls.filter(({ verb }) => verb === 'delete')).toHaveLength(1);
});

describe('what an object says of its own deletion', () => {
  const options = (text: string) => people({ annotations: { 'argocd.argoproj.io/sync-options': text } });

  it.each([
    ['Prune=confirm', {}, 'it says of itself that a person confirms its deletion'],
    ['Delete=confirm', {}, 'it says of itself that a person confirms its deletion'],
    ['Prune=confirm', { isApproved: true }, 'gone'],
    ['Prune=false', { isApproved: true }, 'kept'],
    ['Delete=false', {}, 'gone'],
    ['Delete=false', { allGoes: true, isApproved: true }, 'kept'],
  ])('%s, %j: %s', async (text, asked, pruned) => {
    await options(text);
    expect(await prune({}, asked)).toBe(pruned);
  });

  it.each([
    ['flotilla.dev/prune', 'never'],
    ['helm.sh/resource-policy', 'keep'],
    ['kustomize.toolkit.fluxcd.io/prune', 'disabled'],
    ['cli-utils.sigs.k8s.io/on-remove', 'keep'],
  ])('AT-06 %s: %s always wins, whatever was approved', async (name, value) => {
    await people({ annotations: { [name]: value } });
    expect(await prune({}, { isApproved: true, allGoes: true, pruneAdopted: true })).toBe('kept');
  });
});

it('AT-04 what was there before us goes where that is said, and stays otherwise', async () => {
  expect([await prune({ adopted: true }, { pruneAdopted: true }), world.data('one')]).toEqual(['gone', undefined]);
});

it('what it owns goes as the setting says', async () => {
  const asked: unknown[] = [];
  const cluster = {
    ...world.failing.cluster,
    delete: async (_: unknown, options: object) => (asked.push(options), 'deleted' as const),
  };
  for (const cascade of ['foreground', undefined] as const) await pruneObject(cluster, item, { ...meant, cascade });
  expect(asked).toEqual([{ uid: item.uid, cascade: 'foreground' }, { uid: item.uid }]);
});

describe('letting go', () => {
  it('takes our marks off and leaves everything else', async () => {
    await people({ labels: { their: 'label' } });
    expect(await letGo(world.api, item, world.api.peek(key)!)).toBe(true);
    const left = world.api.peek(key)!;
    expect([left.data, left.metadata.labels, ownedFields(left, 'flotilla')]).toEqual([
      { a: '1' },
      { their: 'label' },
      undefined,
    ]);
  });

  it('waits when somebody writes at this very moment', async () => {
    const read = world.api.peek(key)!;
    await people({ labels: { their: 'label' } });
    expect([await letGo(world.api, item, read), ownedFields(world.api.peek(key)!, 'flotilla')]).toEqual([
      false,
      expect.anything(),
    ]);
  });
});
