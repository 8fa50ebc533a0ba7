import { beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '@flotilla/foundation';
import type { ClusterApi, ObjectChange } from '../ports/cluster-api.port.ts';
import { configMapKey, theirs } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { LiveObjects } from './live-objects.ts';

const kind = { group: '', kind: 'ConfigMap' };
const ours = { labels: { 'flotilla.dev/target': 'target1' } };
const key = configMapKey('one');
let world: TargetWorld;
let live: LiveObjects;
let heard: string[];

beforeEach(async () => {
  world = await TargetWorld.open();
  heard = [];
  live = new LiveObjects({
    cluster: world.failing.cluster,
    clock: world.clock,
    onChange: ({ id, target }) => void heard.push(`${id} ${target}`),
  });
});

const apply = async (data: object) => {
  const applied = await world.api.apply(theirs('one', { ...ours, data }), { force: true });
  return applied.kind === 'applied' ? applied.object : undefined;
};

/** Objects of a cluster whose watch tells what a test says, and nothing else. */
async function toldByHand() {
  let tell: (change: ObjectChange) => void = () => undefined;
  const cluster: ClusterApi = {
    ...world.failing.cluster,
    watch: (_kind, { onChange }) => ((tell = onChange), { synced: Promise.resolve(), stop: async () => undefined }),
  };
  const objects = new LiveObjects({ cluster, clock: world.clock, onChange: ({ id }) => void heard.push(id) });
  await objects.follow([kind]);
  return { objects, tell };
}

describe('following', () => {
  it('knows what is there once it is done, and hears what changes', async () => {
    await apply({ a: '1' });
    await live.follow([kind]);
    const before = live.get(key)!.owned;
    await world.people.mergePatch(key, { data: { a: '2' } });
    await world.settle();
    expect([live.get(key)!.owned === before, heard]).toEqual([
      false,
      ['/ConfigMap/apps/one target1', '/ConfigMap/apps/one target1'],
    ]);
  });

  it('passes over what carries no label of ours, and over changes that are none to us', async () => {
    await live.follow([kind]);
    await world.people.create(theirs('stranger'));
    await apply({ a: '1' });
    await world.settle();
    heard.length = 0;
    await world.people.mergePatch(key, { data: { other: 'x' } });
    await world.settle();
    expect([live.get(configMapKey('stranger')), heard]).toEqual([undefined, []]);
  });

  it('a kind that is still to come has nothing to know', async () => {
    await live.follow([{ group: 'example.org', kind: 'Later' }]);
    expect(live.hasListed([{ group: 'example.org', kind: 'Later' }])).toBe(true);
  });

  it('an API server that refuses to list is not waited for, and is named in its own words', async () => {
    const refusal = new Fault({ code: 'forbidden', reason: 'Forbidden', message: 'roles is forbidden' });
    const watch = { synced: new Promise<void>(() => undefined), problem: () => refusal, stop: async () => undefined };
    const refusing = { ...world.failing.cluster, watch: () => watch };
    const following = new LiveObjects({ cluster: refusing, clock: world.clock, onChange: () => undefined }).follow([
      kind,
    ]);
    const outcome = following.catch((error: unknown) => error);
    await world.clock.advance(1_000);
    expect(await outcome).toBe(refusal);
  });

  it('an API server that does not list is not waited for for ever, and nothing is said of what it did not list', async () => {
    const silent = {
      ...world.failing.cluster,
      watch: () => ({ synced: new Promise<void>(() => undefined), stop: async () => undefined }),
    };
    const deaf = new LiveObjects({ cluster: silent, clock: world.clock, onChange: () => undefined });
    const following = deaf.follow([kind]).catch((error: unknown) => error);
    await world.settle(20_000);
    expect([await following, deaf.hasListed([kind])]).toEqual([
      expect.objectContaining({ reason: 'ClusterSilent' }),
      false,
    ]);
  });
});

describe('AT-34 an API server that was restored from a backup', () => {
  it('is believed, although all that it tells is older than what was known', async () => {
    await apply({ a: '1' });
    await live.follow([kind]);
    const restore = world.api.backup();
    await apply({ a: '2' });
    await world.settle();
    restore();
    await world.settle();
    const back = (live.get(key)!.changed?.data ?? world.api.peek(key)!.data) as unknown;
    const version = live.get(key)!.resourceVersion;
    heard.length = 0;
    await world.people.mergePatch(key, { data: { a: 'by hand' } });
    await world.settle();
    expect([back, version === world.api.peek(key)!.metadata.resourceVersion, heard]).toEqual([
      { a: '1' },
      false,
      ['/ConfigMap/apps/one target1'],
    ]);
  });

  it('holds nothing of what was made after that backup, told by a watch or not', async () => {
    const { objects, tell } = await toldByHand();
    objects.note((await apply({ a: '1' }))!);
    tell({ kind: 'reset' });
    const meanwhile = objects.get(key) !== undefined;
    tell({ kind: 'relisted', resourceVersion: '1' });
    expect([meanwhile, objects.get(key), heard]).toEqual([true, undefined, ['/ConfigMap/apps/one']]);
  });
});

describe('AT-34 what no watch has told', () => {
  it.each([
    ['is missed by a list that is as young as itself', 0, true],
    ['and not by one that is older', -1, false],
  ])('%s', async (_title, younger, isMissed) => {
    const { objects, tell } = await toldByHand();
    const { resourceVersion } = objects.note((await apply({ a: '1' }))!);
    tell({ kind: 'relisted', resourceVersion: String(Number(resourceVersion) + younger) });
    const gone = ['/ConfigMap/apps/one'];
    expect([objects.get(key) === undefined, heard]).toEqual([isMissed, isMissed ? gone : []]);
  });

  it('is known to the watch once it was told, and what is written after that is no news to a list', async () => {
    await apply({ a: '1' });
    const { objects, tell } = await toldByHand();
    tell({ kind: 'present', object: world.api.peek(key)! });
    const noted = objects.note((await apply({ a: '2' }))!);
    tell({ kind: 'relisted', resourceVersion: noted.resourceVersion });
    expect(objects.get(key)).toEqual(noted);
  });
});

describe('AT-34 a watch that lags', () => {
  it('does not turn back what our own write answered', async () => {
    const old = await apply({ a: '1' });
    const newer = await apply({ a: '2' });
    const { objects, tell } = await toldByHand();
    const noted = objects.note(newer!);
    tell({ kind: 'present', object: old! });
    expect([objects.get(key), heard]).toEqual([noted, []]);
  });

  it('what is gone by our own hand is unknown at once', async () => {
    live.note((await apply({ a: '1' }))!);
    live.forget(key);
    expect(live.get(key)).toBeUndefined();
  });
});
