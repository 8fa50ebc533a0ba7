import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import { appsNamespace, configMapText, defaultSync } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

const deadline = { sync: { ...defaultSync, deadline: '5m' } };
const wave = (number: number) => ({ 'argocd.argoproj.io/sync-wave': String(number) });
const waved = (name: string, number: number) => configMapText(name, { a: '1' }, wave(number));
const deploymentKey = (name: string): ObjectKey => ({
  group: 'apps',
  kind: 'Deployment',
  namespace: appsNamespace,
  name,
});
const applied = (...names: readonly string[]) => names.map((name) => `apply ${name} by flotilla`);

function deployment(name: string, annotations: object = {}, image = 'app:1'): string {
  const metadata = JSON.stringify({ name, annotations });
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image }] } };
  const spec = { replicas: 1, selector: { matchLabels: { app: name } }, template };
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: ${metadata}\nspec: ${JSON.stringify(spec)}\n`;
}

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

/** What the controllers of a cluster say once a workload runs; its pods fail when they do not. */
async function becomes(name: string, isWell: boolean): Promise<void> {
  const replicas = isWell ? 1 : 0;
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: replicas, availableReplicas: replicas };
  await world.people.mergePatch(deploymentKey(name), { status: { observedGeneration: 1, ...counts } });
  world.api.writes.length = 0;
  await world.settle();
}

describe('a wave that somebody asked for', () => {
  it('is applied when the one before it is there and well', async () => {
    await world.run([deployment('database', wave(-1)), deployment('web'), waved('last', 3)]);
    const first = [world.takeWrites(), world.summary()];
    await becomes('database', true);
    const second = [world.takeWrites(), world.summary()];
    await becomes('web', true);
    expect([first, second, [world.takeWrites(), world.summary()]]).toEqual([
      [applied('Deployment apps/database'), 'OutOfSync Missing Waiting'],
      [applied('Deployment apps/web'), 'OutOfSync Missing Waiting'],
      [applied('ConfigMap apps/last'), 'Synced Healthy'],
    ]);
  });

  it('says what it waits for, since when and until when, and as soon as somebody knows, why', async () => {
    const begun = world.clock.now();
    await world.run([deployment('web'), waved('last', 1)], deadline);
    await world.people.create(failingPod('web', world.api.peek(deploymentKey('web'))!));
    const [since, until] = [begun, begun + 300_000].map((at) => new Date(at).toISOString());
    const waiting = (why: string) => ({
      code: 'Waiting',
      message: `wave 1 waits for Deployment apps/web: ${why} (since ${since}, until ${until})`,
    });
    const before = world.status()!.reason;
    await world.settle(60_000);
    expect([before, world.status()!.reason]).toEqual([
      waiting('Progressing, 0 of 1 replicas are updated'),
      waiting('container app: ImagePullBackOff: cannot pull'),
    ]);
  });

  it('whose deadline passes is said to have failed, stops nothing else, and comes when it can', async () => {
    await world.run([deployment('web'), configMapText('one'), waved('last', 1)], deadline);
    await world.settle(301_000);
    const late = [world.summary(), world.status()!.reason!.message];
    world.takeWrites();
    await world.people.mergePatch(
      { group: '', kind: 'ConfigMap', namespace: appsNamespace, name: 'one' },
      { data: { a: '2' } },
    );
    await world.settle();
    const corrected = world.takeWrites();
    await becomes('web', true);
    expect([late, corrected.at(-1), world.takeWrites(), world.summary()]).toEqual([
      [
        'OutOfSync Degraded DeadlineExceeded',
        expect.stringMatching(
          /^wave 1 waited until .* for Deployment apps\/web: Progressing, .*; it goes on when that is well$/,
        ),
      ],
      'apply ConfigMap apps/one by flotilla',
      applied('ConfigMap apps/last'),
      'Synced Healthy',
    ]);
  });

  it('is not written when a person suspends the target meanwhile, and comes when he lifts it', async () => {
    await world.run([deployment('web'), waved('last', 1)]);
    await world.annotateRecord({ 'flotilla.dev/suspend': 'looking' });
    await becomes('web', true);
    const suspended = [world.takeWrites(), world.summary()];
    await world.annotateRecord({ 'flotilla.dev/suspend': null });
    expect([suspended, world.takeWrites()]).toEqual([
      [[], 'OutOfSync Missing Suspended'],
      applied('ConfigMap apps/last'),
    ]);
  });

  it('gives way to a newer order at once', async () => {
    await world.run([deployment('web'), waved('last', 1)]);
    world.takeWrites();
    await world.run([configMapText('other')]);
    expect(world.takeWrites()).toEqual([...applied('ConfigMap apps/other'), 'delete Deployment apps/web by flotilla']);
  });

  it('goes on where it was when the process ended while it waited', async () => {
    await world.run([deployment('web'), waved('last', 1)]);
    world.takeWrites();
    await world.restart();
    const waiting = [world.takeWrites(), world.summary()];
    await becomes('web', true);
    expect([waiting, world.takeWrites(), world.summary()]).toEqual([
      [[], 'OutOfSync Missing Waiting'],
      applied('ConfigMap apps/last'),
      'Synced Healthy',
    ]);
  });

  it('is no order between two syncs: what was changed is taken back at once', async () => {
    await world.run([deployment('web'), waved('last', 1)]);
    await becomes('web', true);
    await becomes('web', false);
    await world.people.mergePatch(
      { group: '', kind: 'ConfigMap', namespace: appsNamespace, name: 'last' },
      { data: { a: '2' } },
    );
    world.takeWrites();
    await world.settle();
    expect(world.takeWrites()).toEqual(applied('ConfigMap apps/last'));
  });

  it('waits as well when a person asks for everything once more, and nothing is applied twice for that', async () => {
    const entry = await world.run([deployment('web'), waved('last', 1)]);
    await becomes('web', true);
    await becomes('web', false);
    world.failing.calls.length = 0;
    await world.order({ ...entry, generation: 2, syncRequest: 'anna' });
    await world.settle(60_000);
    const asked = () =>
      world.failing.calls.filter(({ verb, subject }) => verb === 'apply' && !subject.startsWith('Secret'));
    const first = asked().map(({ subject }) => subject);
    await becomes('web', true);
    expect([first, asked().map(({ subject }) => subject)]).toEqual([
      ['Deployment apps/web'],
      ['Deployment apps/web', 'ConfigMap apps/last'],
    ]);
  });

  it('of many is gone through in one go, however many there are', async () => {
    await world.run(Array.from({ length: 60 }, (_, number) => waved(`c${number}`, number)));
    await world.settle(10_000);
    expect([world.takeWrites().length, world.summary()]).toEqual([60, 'Synced Healthy']);
  });
});

it('what says that it depends on another waits until that is well', async () => {
  const on = { 'flotilla.dev/depends-on': 'apps/namespaces/apps/Deployment/database' };
  await world.run([deployment('database'), deployment('web', on), configMapText('one')]);
  const first = [world.takeWrites().toSorted(), world.status()!.reason!.message];
  await becomes('database', true);
  expect([first, world.takeWrites()]).toEqual([
    [
      applied('ConfigMap apps/one', 'Deployment apps/database'),
      expect.stringMatching(/^Deployment apps\/web waits for Deployment apps\/database: Progressing/),
    ],
    applied('Deployment apps/web'),
  ]);
});

it('the kinds themselves have an order and wait for nobody: workloads that never become well keep none back', async () => {
  await world.run([deployment('web'), configMapText('one'), deployment('other')]);
  expect(world.takeWrites()).toEqual(applied('ConfigMap apps/one', 'Deployment apps/other', 'Deployment apps/web'));
});

function failingPod(name: string, { metadata: { uid } }: KubeObject): KubeObject {
  const waiting = { reason: 'ImagePullBackOff', message: 'cannot pull' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: appsNamespace, ownerReferences: [{ uid }] },
    status: { containerStatuses: [{ name: 'app', state: { waiting } }] },
  } as unknown as KubeObject;
}
