import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject, TakenOverTool } from '@flotilla/model';
import { appsNamespace, configMapKey, configMapText, defaultSync } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

let world: TargetWorld;
const key = configMapKey('one');
const takeOver = (...takeOverFrom: readonly TakenOverTool[]) => ({
  sync: { ...defaultSync, takeOverFrom: [...takeOverFrom] },
});
const managers = () =>
  (world.api.peek(key)!.metadata.managedFields ?? []).map(({ manager, operation }) => `${manager} ${operation}`);
const object = (data: object, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'one', namespace: appsNamespace, ...metadata },
  data,
});

beforeEach(async () => {
  world = await TargetWorld.open();
});

/** What a tool applied: on the server's side, or by an update as client-side apply does. */
async function by(manager: string, operation: 'Apply' | 'Update', applied: KubeObject): Promise<void> {
  const tool = world.api.as(manager);
  if (operation === 'Apply') await tool.apply(applied, { force: true });
  else if (!(await tool.create(applied))) await tool.mergePatch(key, applied);
  world.api.writes.length = 0;
}

const tracked = {
  annotations: {
    'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:apps/one',
    'kubectl.kubernetes.io/last-applied-configuration': '{}',
  },
  labels: { 'app.kubernetes.io/instance': 'shop' },
};

describe('an object that a tool applied becomes ours, with its fields', () => {
  it.each<[TakenOverTool, string, 'Apply' | 'Update']>([
    ['argocd', 'argocd-controller', 'Apply'],
    ['argocd', 'argocd-controller', 'Update'],
    ['argocd', 'kubectl-client-side-apply', 'Update'],
    ['flux', 'kustomize-controller', 'Apply'],
    ['flux', 'helm-controller', 'Update'],
    ['kubectl', 'kubectl', 'Apply'],
    ['kubectl', 'kubectl-client-side-apply', 'Update'],
    ['helm', 'helm', 'Update'],
  ])('%s (%s, %s): what Git does not hold goes, the marks of the tool among it', async (tool, manager, operation) => {
    await by(manager, operation, object({ a: '1', old: 'of the tool' }, tracked));
    await world.run([configMapText('one', { a: '1' })], takeOver(tool));
    const { metadata, data } = world.api.peek(key)!;
    expect([data, managers(), metadata.annotations ?? {}, Object.keys(metadata.labels!), world.summary()]).toEqual([
      { a: '1' },
      ['flotilla Apply'],
      {},
      ['flotilla.dev/target', 'applyset.kubernetes.io/part-of'],
      'Synced Healthy',
    ]);
  });

  it('several tools at once', async () => {
    await by('kubectl-client-side-apply', 'Update', object({ a: '1' }));
    await by('argocd-controller', 'Apply', object({ b: '2' }));
    await world.run([configMapText('one', { b: '2' })], takeOver('argocd'));
    expect([world.data('one'), managers()]).toEqual([{ b: '2' }, ['flotilla Apply']]);
  });

  it('no field that Git holds is unowned or another for a moment', async () => {
    await by('argocd-controller', 'Apply', object({ a: '1' }));
    const seen: string[] = [];
    const apply = world.failing.cluster.apply;
    world.api.watch({ group: '', kind: 'ConfigMap' }, { onChange: () => seen.push(JSON.stringify(world.data('one'))) });
    Object.assign(world.ports.cluster, {
      apply: (...given: Parameters<typeof apply>) => {
        seen.push(managers().join());
        return apply(...given);
      },
    });
    await world.run([configMapText('one', { a: '1' })], takeOver('argocd'));
    expect([...new Set(seen)]).toEqual(['{"a":"1"}', 'argocd-controller Apply', 'flotilla Apply']);
  });

  it('AT-04 it was there before us, so it is left in place when the target goes', async () => {
    await by('argocd-controller', 'Apply', object({ a: '1' }));
    const entry = await world.run([configMapText('one')], takeOver('argocd'));
    await world.order({ ...entry, intent: 'delete' });
    expect([world.data('one'), world.status()!.gone]).toEqual([{ a: '1' }, true]);
  });

  it('unless pruneAdopted says that it goes like others', async () => {
    await by('argocd-controller', 'Apply', object({ a: '1' }));
    const { sync } = takeOver('argocd');
    const entry = await world.run([configMapText('one')], { sync: { ...sync, pruneAdopted: true } });
    await world.order({ ...entry, intent: 'delete' });
    expect([world.data('one'), world.status()!.gone]).toEqual([undefined, true]);
  });
});

describe('what is not taken', () => {
  it.each([
    ['an object of a tool that is not named', 'kustomize-controller', 'Apply'],
    ['an object that a person made by hand', 'kubectl-edit', 'Update'],
  ] as const)('%s', async (_, manager, operation) => {
    await by(manager, operation, object({ a: 'theirs' }));
    await world.run([configMapText('one')], takeOver('argocd', 'kubectl'));
    expect([world.api.writes.filter((line) => line.includes('ConfigMap')), world.summary()]).toEqual([
      [],
      'OutOfSync Missing Conflict',
    ]);
  });

  it('a field that somebody else holds: he is named, and the value stays', async () => {
    await by('argocd-controller', 'Apply', object({ a: '1', b: '1' }));
    await world.people.mergePatch(key, { data: { b: 'by hand' } });
    await world.run([configMapText('one', { a: '1', b: '1' })], takeOver('argocd'));
    const { code, message } = world.status()!.reason!;
    expect([world.data('one'), code, message]).toEqual([
      { a: '1', b: 'by hand' },
      'Conflict',
      expect.stringContaining('.data.b (kubectl-edit)'),
    ]);
  });

  it('a field that Git does not hold and a person added', async () => {
    await by('argocd-controller', 'Apply', object({ a: '1' }));
    await world.people.mergePatch(key, { data: { mine: 'yes' } });
    await world.run([configMapText('one')], takeOver('argocd'));
    expect(world.data('one')).toEqual({ a: '1', mine: 'yes' });
  });

  it('what a person suspended', async () => {
    await by('argocd-controller', 'Apply', object({ a: '1' }));
    await world.people.mergePatch(key, { metadata: { annotations: { 'flotilla.dev/suspend': 'mine' } } });
    await world.run([configMapText('one', { a: '2' })], takeOver('argocd'));
    expect([world.data('one'), managers()]).toEqual([{ a: '1' }, ['argocd-controller Apply', 'kubectl-edit Update']]);
  });
});

it('until all of it is ours once, what the other tool changes is told and not corrected', async () => {
  await by('argocd-controller', 'Apply', object({ a: '1' }));
  world.failing.fail({ on: 'apply ConfigMap apps/two' });
  await world.run([configMapText('one'), configMapText('two')], takeOver('argocd'));
  await world.api.as('argocd-controller').apply(object({ a: 'of the tool' }), { force: true });
  await world.settle(60_000);
  const during = [world.data('one'), world.status()!.resources.map(({ name, sync }) => `${name} ${sync}`)];
  world.failing.heal();
  await world.settle(300_000);
  expect([during, world.data('one'), world.summary()]).toEqual([
    [{ a: 'of the tool' }, ['one OutOfSync', 'two OutOfSync']],
    { a: '1' },
    'Synced Healthy',
  ]);
});

it('AT-33 killed at any call, it is taken over in the end, and remembered as taken', async () => {
  const outcomes = new Set<string>();
  for (let calls = 1; calls <= 14; calls++) {
    for (const afterEffect of [false, true]) {
      world = await TargetWorld.open();
      await by('argocd-controller', 'Apply', object({ a: '1', old: 'of the tool' }));
      world.failing.dieAfter(calls, afterEffect);
      const entry = await world.run([configMapText('one')], takeOver('argocd'));
      world.failing.heal();
      await world.restart(entry);
      await world.settle(600_000);
      const [record] = await world.ports.records.load(() => undefined);
      outcomes.add(JSON.stringify([world.data('one'), managers(), record!.inventory[0]!.adopted, world.summary()]));
    }
  }
  expect([...outcomes]).toEqual([JSON.stringify([{ a: '1' }, ['flotilla Apply'], true, 'Synced Healthy'])]);
});
