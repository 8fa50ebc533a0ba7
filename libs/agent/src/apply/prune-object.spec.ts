import { beforeEach, describe, expect, it } from 'vitest';
import { ownedFields } from '@flotilla/workload-manifests';
import type { InventoryItem } from '../keep/target-record.ts';
import { configMapKey, theirs } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { letGo, pruneObject } from './prune-object.ts';

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
const prune = (over: Partial<InventoryItem> = {}) => pruneObject(world.failing.cluster, { ...item, ...over }, meant);
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
      pruned: 'held',
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
      pruned: 'pending',
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
    expect([await pruneObject(cluster, item, meant), world.data('one')]).toEqual(['lost', { of: 'others' }]);
  });
});

it('what an order wants that came between the reading and the deleting is left', async () => {
  const options = { target: 'target1', isStillMeant: () => false };
  expect([await pruneObject(world.failing.cluster, item, options), world.data('one')]).toEqual(['held', { a: '1' }]);
});

it('AT-35 what was asked to go and is held is not asked again', async () => {
  await people({ finalizers: ['example.org/hold'] });
  expect([await prune(), await prune()]).toEqual(['pending', 'pending']);
  expect(world.failing.calls.filter(({ verb }) => verb === 'delete')).toHaveLength(1);
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
