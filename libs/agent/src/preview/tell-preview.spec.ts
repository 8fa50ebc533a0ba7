import { beforeEach, describe, expect, it } from 'vitest';
import type { Ask } from '@flotilla/contracts';
import type { DesiredEntry } from '@flotilla/model';
import { answerAsk } from '../orders/answer-ask.ts';
import { configMapKey, configMapText, defaultSync, shipDefinition } from '../testing/factories.ts';
import { argo, endJob, job } from '../testing/jobs.ts';
import { TargetWorld } from '../testing/target-world.ts';

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

const waiting = new AbortController().signal;

function preview(entry: DesiredEntry, signal = waiting) {
  const parts = { cluster: world.failing.cluster, memory: undefined, held: [] };
  const ask = { question: { kind: 'preview', entry } } as unknown as Ask;
  return answerAsk(ask, { ...parts, foresee: (wanted) => world.reconciler.foresee(wanted, signal) });
}

const pin = { by: 'user:ann', reason: 'incident 42', since: 'now' };
/** The entry of a release as a rollback would order it. */
const back = (entry: DesiredEntry, over: Partial<DesiredEntry> = {}): DesiredEntry => ({
  ...entry,
  sync: { ...defaultSync, prune: false },
  pin,
  ...over,
});
const codes = async (entry: DesiredEntry) => (await preview(entry)).warnings?.map(({ code }) => code);
const claim = (storage: string) =>
  `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {resources: {requests: {storage: ${storage}}}}\n`;
const ships = (...versions: string[]) => {
  const storage = versions.at(-1);
  const all = versions.map((name) => `{name: ${name}, served: true, storage: ${name === storage}, schema: {}}`);
  return shipDefinition.replace(/versions: .*/, `versions: [${all.join(', ')}]`);
};
const shipKey = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', name: 'ships.example.org' };

describe('what an order would change', () => {
  it('is told from the bundle that is held, with Git gone, and changes nothing', async () => {
    const first = await world.run([configMapText('one')]);
    await world.run([configMapText('one', { a: '2' }), configMapText('two')]);
    world.gitHost.gone = true;
    world.takeWrites();
    const before = JSON.stringify(world.record());
    const answer = await preview(back(first));
    expect(answer).toEqual({
      diff: [
        { object: 'ConfigMap apps/one', change: 'update', fields: [{ path: '.data.a', live: '"2"', desired: '"1"' }] },
      ],
      warnings: [
        {
          code: 'StaysBehind',
          message:
            'ConfigMap apps/two: it came later and stays as it is, because going back deletes nothing; it goes once Git says so',
        },
      ],
    });
    expect([world.takeWrites(), JSON.stringify(world.record()) === before]).toEqual([[], true]);
    expect(world.data('one')).toEqual({ a: '2' });
  });

  it('is fetched where it is not held, which is said, and kept nowhere', async () => {
    await world.run([configMapText('one')]);
    const next = world.entry([configMapText('one', { a: '2' })]);
    world.takeWrites();
    const { diff, warnings } = await preview(next);
    expect([diff?.map(({ change }) => change), warnings, world.takeWrites()]).toEqual([
      ['update'],
      [
        {
          code: 'NotHeld',
          message: expect.stringContaining('fetched from https://git.example.org/shop.git') as string,
        },
      ],
      [],
    ]);
    expect(world.reconciler.memory('target1')!.record.bundles).toHaveLength(1);
  });

  it('is told of a target that is not there yet, which nobody remembers after', async () => {
    const { diff } = await preview(world.entry([configMapText('one')], { target: 'target2' }));
    expect([diff?.map(({ change }) => change), world.reconciler.memory('target2')]).toEqual([['create'], undefined]);
  });

  it('names what stands in the way, such as Git that is gone', async () => {
    const next = world.entry([configMapText('one')]);
    world.gitHost.gone = true;
    expect(await preview(next)).toEqual({ problem: expect.stringContaining('Git') as string });
  });

  it('AT-15: masks what a Secret holds', async () => {
    const secret = (data: string) => `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {password: ${data}}\n`;
    const first = await world.run([secret('Y2FuYXJ5LW9uZQ==')]);
    await world.run([secret('Y2FuYXJ5LXR3bw==')]);
    const text = JSON.stringify(await preview(back(first)));
    expect([text.includes('Secret apps/s'), /Y2FuYXJ5|canary/.test(text)]).toEqual([true, false]);
  });
});

describe('what a person is warned of', () => {
  it('is what would be deleted and takes more with it, where it would be', async () => {
    await world.run([configMapText('one'), ships('v1'), claim('1Gi')]);
    const next = world.entry([configMapText('one')]);
    const told = async (entry: DesiredEntry) => [await codes(entry), (await preview(entry)).diff?.length];
    expect([await told(next), await told(back(next))]).toEqual([
      [['NotHeld', 'TakesMoreWithIt', 'TakesMoreWithIt'], 2],
      [['NotHeld', 'StaysBehind', 'StaysBehind'], 0],
    ]);
  });

  it.each([
    ['serves less', ['v1', 'v2'], ['v1'], ['v1'], ['DefinitionServesLess']],
    ['forgets what is stored', ['v1', 'v2'], ['v1'], ['v1', 'v2'], ['DefinitionServesLess', 'DefinitionForgetsStored']],
    ['stores an older version', ['v1', 'v2'], ['v2', 'v1'], ['v2'], ['DefinitionStoresOlder']],
    ['stores one that is not ripe', ['v1beta1', 'v1'], ['v1', 'v1beta1'], ['v1'], ['DefinitionStoresOlder']],
    ['serves and stores what is newer', ['v1'], ['v1', 'v2'], ['v1'], []],
    ['stays the same', ['v1', 'v2'], ['v1', 'v2'], ['v2'], []],
  ])('is a definition that %s', async (_what, standing, wanted, stored, expected) => {
    const older = world.entry([ships(...wanted), configMapText('one')]);
    await world.run([ships(...standing)]);
    await world.people.mergePatch(shipKey, { status: { storedVersions: stored } });
    expect((await codes(older))?.filter((code) => code !== 'NotHeld')).toEqual(expected);
  });

  it('is a claim that would shrink, and none that grows', async () => {
    await world.run([claim('2Gi')]);
    const of = async (size: string) => (await preview(world.entry([claim(size)]))).warnings!.slice(1);
    expect([await of('1024Mi'), await of('3Gi')]).toEqual([
      [
        {
          code: 'ClaimShrinks',
          message:
            'PersistentVolumeClaim apps/data: it asks for 2Gi and would ask for 1024Mi, and no claim shrinks: the API server refuses that; keep its size in Git, or move the data to another claim',
        },
      ],
      [],
    ]);
  });

  it.each([
    ['FieldImmutable', {}, ['FieldImmutable']],
    ['FieldImmutable', { 'flotilla.dev/replace': 'true' }, ['MadeAgain']],
    ['AdmissionDenied', {}, ['WouldBeRefused']],
    ['DryRunUnsupported', {}, ['NotTried']],
  ])('is what the API server says to it: %s %j', async (reason, annotations, expected) => {
    const first = await world.run([configMapText('one', { a: '1' }, annotations), configMapText('two')]);
    await world.run([configMapText('one', { a: '2' }, annotations), configMapText('two', { a: '2' })]);
    const fault = {
      code: reason === 'DryRunUnsupported' ? 'unavailable' : 'forbidden',
      reason,
      message: 'no',
    } as const;
    world.failing.fail({ on: 'dryRun', times: 1, fault });
    const { diff, warnings } = await preview(back(first));
    const fields = diff?.map((each) => each.fields.map(({ path }) => path));
    expect([warnings?.map(({ code }) => code), fields]).toEqual([expected, [['.data.a'], ['.data.a']]]);
  });

  it('is no answer at all while the API server is away', async () => {
    const first = await world.run([configMapText('one')]);
    await world.run([configMapText('one', { a: '2' })]);
    world.failing.fail({ on: 'dryRun', times: 1 });
    expect(await preview(back(first))).toEqual({ problem: 'the API server is away' });
  });

  it('is a hook that runs once more, or is left out on the way back', async () => {
    const first = await world.run([job('migrate', argo('PreSync')), configMapText('one')]);
    await endJob(world, 'migrate', 'Complete');
    await world.run([job('migrate', argo('PreSync')), configMapText('one', { a: '2' })]);
    await endJob(world, 'migrate', 'Complete');
    const hooksOf = async (entry: DesiredEntry) => (await preview(entry)).warnings?.map(({ message }) => message);
    expect([
      await hooksOf(back(first)),
      await hooksOf(back(first, { pin: { ...pin, runHooks: true } })),
      await codes(first),
    ]).toEqual([
      [expect.stringContaining('PreSync hook does not run on the way back')],
      [expect.stringContaining('leave out --run-hooks')],
      ['HookRuns'],
    ]);
  });

  it('is that nothing would change there: a stop, a pin or a freeze that stands above the order', async () => {
    const first = await world.run([configMapText('one')]);
    const second = await world.run([configMapText('one', { a: '2' })]);
    const frozen = [{ name: 'year-end', scope: 'deploys', by: 'user:ann', reason: 'holidays', since: 'then' }];
    const suspended = { by: 'user:bob', reason: 'looking', since: 'then' };
    const stopped = [await codes(back(first, { frozen })), await codes(back(first, { suspended }))];
    await world.people.mergePatch(world.ports.records.keyOf('target1'), {
      metadata: { annotations: { 'flotilla.dev/pin': second.source.revision } },
    });
    await world.settle();
    expect([...stopped, await codes(back(first))]).toEqual([['HeldThere'], ['Stopped'], ['HeldThere']]);
  });
});

it('a diff counts no hook among what only the cluster has', async () => {
  await world.run([job('migrate', argo('PreSync')), configMapText('one')]);
  await endJob(world, 'migrate', 'Complete');
  await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
  const ask = { question: { kind: 'diff', target: 'target1' } } as Ask;
  const memory = world.reconciler.memory('target1');
  const never = () => Promise.reject(new Error('not asked'));
  const { diff } = await answerAsk(ask, { cluster: world.failing.cluster, memory, held: [], foresee: never });
  expect(diff?.map(({ object }) => object).filter((object) => object.startsWith('Job'))).toEqual([]);
});
