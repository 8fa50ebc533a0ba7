import { beforeEach, expect, it } from 'vitest';
import { configMapKey, configMapText } from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

let world: TargetWorld;

beforeEach(async () => {
  world = await TargetWorld.open();
});

const rendered = () => world.reconciler.memory('target1')!.rendered;

it('objects come out in their namespaces, with our labels', async () => {
  await world.run([configMapText('one')]);
  expect(rendered()!.objects[0]).toMatchObject({
    key: { group: '', kind: 'ConfigMap', namespace: 'apps', name: 'one' },
    object: {
      metadata: {
        namespace: 'apps',
        labels: {
          'flotilla.dev/target': 'target1',
          'applyset.kubernetes.io/part-of': expect.stringMatching(/^applyset-.*-v1$/),
        },
      },
    },
  });
});

it('the same files give the same digest, other files another, and the key of the cluster is in it', async () => {
  const entry = await world.run([configMapText('one')]);
  const first = rendered()!.renderDigest;
  await world.restart();
  const again = rendered()!.renderDigest;
  (world.ports as { renderKey: unknown }).renderKey = { reveal: () => Buffer.alloc(32, 8) };
  await world.order({ ...entry, namespace: 'flotilla-system' });
  expect([again === first, rendered()!.renderDigest === first]).toEqual([true, false]);
});

it('AT-31 every input of a render counts: a change of any is rendered anew', async () => {
  const entry = await world.run([configMapText('one')]);
  const before = rendered();
  await world.order({ ...entry, generation: 9, release: 'other' });
  const sameInputs = rendered() === before;
  await world.order({ ...entry, namespace: 'flotilla-system' });
  expect([sameInputs, rendered() === before]).toEqual([true, false]);
});

it('what cannot be rendered names file and line, and nothing is applied', async () => {
  await world.run([configMapText('one'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n']);
  expect([world.takeWrites(), world.status()!.reason]).toEqual([
    [],
    { code: 'ManifestsInvalid', message: expect.stringMatching(/^nothing was applied: app\/1\.yaml:\d+/) },
  ]);
});

it('a target that may not run holds nothing that others could have', async () => {
  await world.run([configMapText('shared')]);
  await world.run([configMapText('shared'), configMapText('free')], { target: 'target2', environment: 'two' });
  await world.run([configMapText('free')], { target: 'target3', environment: 'three' });
  expect([world.summary('target2'), world.summary('target3')]).toEqual(['Unknown Missing Conflict', 'Synced Healthy']);
});

it('what is skipped is not applied, and hooks are run at their time', async () => {
  const hook = (name: string, annotations: object) => configMapText(name, { a: '1' }, annotations);
  await world.run([
    configMapText('one'),
    hook('before', { 'argocd.argoproj.io/hook': 'PreSync' }),
    hook('skipped', { 'argocd.argoproj.io/hook': 'Skip' }),
    hook('failed', { 'argocd.argoproj.io/hook': 'SyncFail' }),
    hook('cleanup', { 'helm.sh/hook': 'pre-delete' }),
  ]);
  const { objects, hooks } = rendered()!;
  const names = [objects, hooks].map((each) => each.map(({ key }) => key.name));
  expect(names).toEqual([['one'], ['before', 'failed', 'cleanup']]);
});

it('AT-03 a set of nothing but hooks for another time deletes nothing', async () => {
  await world.run([configMapText('one')]);
  await world.run([configMapText('cleanup', { a: '1' }, { 'helm.sh/hook': 'pre-delete' })]);
  expect([rendered()!.empty, world.api.peek(configMapKey('one')) !== undefined]).toEqual([true, true]);
});
