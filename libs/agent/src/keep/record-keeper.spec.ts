import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { agentObjects } from '../names.ts';
import { items } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { RecordKeeper } from './record-keeper.ts';
import { emptyRecord, type TargetRecord } from './target-record.ts';

let world: TargetWorld;
let keeper: RecordKeeper;
let unreadable: string[];

beforeEach(async () => {
  world = await TargetWorld.open();
  keeper = fresh();
  unreadable = [];
});

const fresh = () => new RecordKeeper(world.failing.cluster, agentObjects.namespace);
const load = () => fresh().load((name, fault) => void unreadable.push(`${name}: ${fault.message}`));
const secrets = () =>
  world.api
    .all()
    .filter(({ kind }) => kind === 'Secret')
    .map(({ metadata }) => metadata.name);

/** A record with bundles of this many bytes that nothing can make smaller. */
function recordOf(target: string, ...bundleBytes: readonly number[]): TargetRecord {
  const bundles = bundleBytes.map((bytes, index) => ({
    sourceDigest: `d${index}`,
    source: { url: 'u', revision: 'a'.repeat(40), path: 'app', also: [] },
    files: [{ path: 'app/a.yaml', content: randomBytes(bytes).toString('base64') }],
  }));
  return { ...emptyRecord(target, 'shop/a in dev'), inventory: items('ConfigMap/one'), bundles };
}

const mebibyte = 1024 * 1024;

it('keeps a record in one Secret that kubectl knows as an ApplySet', async () => {
  await keeper.save(recordOf('t1', 100));
  expect([secrets(), world.record('t1')!.metadata]).toMatchObject([
    ['flotilla-target-t1'],
    {
      labels: { 'flotilla.dev/record': 't1', 'applyset.kubernetes.io/id': expect.stringMatching(/^applyset-.*-v1$/) },
      annotations: {
        'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap',
        'applyset.kubernetes.io/additional-namespaces': 'apps',
        'flotilla.dev/title': 'shop/a in dev',
      },
    },
  ]);
});

it('gives back what it kept, small or large', async () => {
  const records = [recordOf('t1', 100), recordOf('t2', 2 * mebibyte), recordOf('t3')];
  for (const record of records) await keeper.save(record);
  expect([await load(), unreadable]).toEqual([records, []]);
});

it('continues a large record in more Secrets, and takes them away when it is small again', async () => {
  await keeper.save(recordOf('t1', 2 * mebibyte));
  const large = secrets().length;
  await keeper.save(recordOf('t1', 100));
  expect([large, secrets()]).toEqual([4, ['flotilla-target-t1']]);
});

it('what people wrote on a record stays when it is written again', async () => {
  await keeper.save(recordOf('t1', 100));
  await world.annotateRecord({ 'flotilla.dev/suspend': 'wait' }, 't1');
  await keeper.save(recordOf('t1', 200));
  expect(world.record('t1')!.metadata.annotations).toMatchObject({ 'flotilla.dev/suspend': 'wait' });
});

describe('AT-33 cut off at any write of a large record', () => {
  const before = recordOf('t1', 2 * mebibyte);
  const after = recordOf('t1', 2 * mebibyte);

  it.each(
    [0, 1, 2, 3, 4, 5].flatMap((calls) => [
      { calls, afterEffect: false },
      { calls, afterEffect: true },
    ]),
  )(
    'after $calls calls, the last one with an effect: $afterEffect, it is the one before or the one after',
    async ({ calls, afterEffect }) => {
      await keeper.save(before);
      let left = calls;
      const cut = { ...world.failing.cluster };
      const dying = async <Result>(effect: () => Promise<Result>): Promise<Result> => {
        if (left-- > 0) return effect();
        if (afterEffect) await effect();
        throw new Error('the process is gone');
      };
      const { apply, delete: remove } = world.failing.cluster;
      cut.apply = (object, options) => dying(() => apply(object, options));
      cut.delete = (key, options) => dying(() => remove(key, options));
      await new RecordKeeper(cut, agentObjects.namespace).save(after).catch(() => undefined);
      const [loaded] = await load();
      const isWhole = [before, after].some(({ bundles }) => isDeepStrictEqual(bundles, loaded?.bundles));
      expect([unreadable, isWhole]).toEqual([[], true]);
      const survivor = fresh();
      await survivor.load(() => undefined);
      await survivor.save(before);
      expect(secrets()).toHaveLength(4);
    },
  );
});

describe('the budget', () => {
  const poor = () => new RecordKeeper(world.failing.cluster, agentObjects.namespace, 100_000);

  it('older bundles make way, the newest and the running one never', async () => {
    const record = recordOf('t1', 25_000, 25_000, 25_000);
    const running = { sourceDigest: 'd1', release: 'r', revision: 'a', renderDigest: 'd', appliedAt: 't' };
    await poor().save({ ...record, running });
    const [loaded] = await load();
    expect(loaded!.bundles.map(({ sourceDigest }) => sourceDigest)).toEqual(['d0', 'd1']);
  });

  it('what is too large all the same is refused, says what to do, and keeps what was there', async () => {
    const small = recordOf('t1', 100);
    await keeper.save(small);
    await expect(poor().save(recordOf('t1', 90_000))).rejects.toMatchObject({
      reason: 'RecordTooLarge',
      message: expect.stringMatching(/^shop\/a in dev: .*split the application$/),
      consequence: { kind: 'stall' },
    });
    expect(await load()).toEqual([small]);
  });
});

it('one that cannot be read is named, and does not hide the others', async () => {
  await keeper.save(recordOf('t1', 100));
  await keeper.save(recordOf('t2', 2 * mebibyte));
  await keeper.save(recordOf('t3', 100));
  await world.people.mergePatch(keeper.keyOf('t1'), { data: { record: '' } });
  const chunk = world.api.all().find(({ metadata }) => metadata.name.startsWith('flotilla-target-t2-'))!;
  await world.people.delete(
    { group: '', kind: 'Secret', namespace: agentObjects.namespace, name: chunk.metadata.name },
    { uid: chunk.metadata.uid! },
  );
  expect([(await load()).map(({ target }) => target), unreadable]).toEqual([
    ['t3'],
    [
      expect.stringContaining('flotilla-target-t1: '),
      `flotilla-target-t2: its continuation ${chunk.metadata.name} is missing`,
    ],
  ]);
});

it('deletes a record with all that continues it, the head last', async () => {
  await keeper.save(recordOf('t1', 2 * mebibyte));
  await keeper.save(recordOf('t2', 100));
  world.api.writes.length = 0;
  await keeper.delete('t1');
  expect([secrets(), world.api.writes.at(-1)]).toEqual([
    ['flotilla-target-t2'],
    'delete Secret flotilla-system/flotilla-target-t1 by flotilla',
  ]);
});

it('what another tool keeps as its ApplySet is not read, and named', async () => {
  await keeper.save(recordOf('t1', 100));
  const annotations = { 'applyset.kubernetes.io/tooling': 'kubectl/v1.30.0' };
  await world.people.mergePatch(keeper.keyOf('t1'), { metadata: { annotations } });
  expect([await load(), unreadable]).toEqual([
    [],
    [expect.stringContaining('flotilla-target-t1 is kept by "kubectl" and not by "flotilla"')],
  ]);
});
