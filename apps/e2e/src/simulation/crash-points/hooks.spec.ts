import { expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import type { Content } from '../invariants.ts';
import { atEveryCrashPoint, atPairsOfCrashPoints, type CrashPoint } from './crash-points.ts';
import { appNamespace, LoneCluster } from './lone-cluster.ts';

const names = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `o${from + index}`);
const all = (value: string, ...of: readonly string[]): Content => Object.fromEntries(of.map((name) => [name, value]));

/** Of thirty objects five go, ten change, five stay and ten come. */
const before = all('v1', ...names(0, 20));
const after = { ...all('v2', ...names(5, 15)), ...all('v1', ...names(15, 20)), ...all('v2', ...names(20, 30)) };

const hookJob = (name: string, annotations: object) =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: ${JSON.stringify({ name, annotations })}\nspec: {template: {spec: {containers: []}}}\n`;
const argo = (hook: string, policy = 'BeforeHookCreation') => ({
  'argocd.argoproj.io/hook': hook,
  'argocd.argoproj.io/hook-delete-policy': policy,
});

/** Around them a hook of each time, of Argo CD and of Helm: some stay, some go, and two have nothing to do here. */
const hooks: Readonly<Record<string, object>> = {
  migrate: argo('PreSync'),
  warm: { 'helm.sh/hook': 'pre-upgrade', 'helm.sh/hook-weight': '5', 'helm.sh/hook-delete-policy': 'hook-succeeded' },
  seed: argo('Sync', 'BeforeHookCreation,HookSucceeded'),
  check: argo('PostSync'),
  alarm: argo('SyncFail'),
  first: { 'helm.sh/hook': 'post-install', 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' },
  drain: { 'helm.sh/hook': 'pre-delete', 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' },
  farewell: argo('PreDelete'),
  cleanup: argo('PostDelete'),
};
const more = Object.fromEntries(
  Object.entries(hooks).map(([name, annotations]) => [`app/${name}.yaml`, hookJob(name, annotations)]),
);
/** A change of thirty objects with three Jobs one after another takes as long as they do. */
const syncMs = 8_000;

/** Somebody else's, under a label of ours. */
const theirs = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'theirs', namespace: appNamespace, labels: { 'flotilla.dev/target': 't1' } },
  data: { of: 'others' },
} as unknown as KubeObject;

async function opened(): Promise<LoneCluster> {
  const world = new LoneCluster();
  await world.open();
  await world.cluster.people.create(theirs);
  await world.run(before, { more });
  await world.clock.advance(syncMs);
  world.made.clear();
  world.written.length = 0;
  return world;
}

async function change(world: LoneCluster): Promise<void> {
  await world.run(after, { more });
  await world.clock.advance(syncMs);
}

async function leave(world: LoneCluster): Promise<void> {
  world.leave();
  await world.clock.advance(syncMs);
}

function counting(act: (world: LoneCluster) => Promise<void>): () => Promise<number> {
  return async () => {
    const world = await opened();
    const begun = world.cluster.calls;
    await act(world);
    return world.cluster.calls - begun;
  };
}

function dying(act: (world: LoneCluster) => Promise<void>, wrongWith: (world: LoneCluster) => readonly string[]) {
  return async (first: CrashPoint, second?: CrashPoint): Promise<readonly string[]> => {
    const world = await opened();
    world.cluster.killIn(first.call, first.after);
    await act(world);
    if (second) {
      void world.cluster.restart();
      world.cluster.killIn(second.call, second.after);
      await world.clock.advance(25_000);
    }
    await world.recover();
    const isTheirs = world.cluster.api.all().some(({ metadata }) => metadata.name === 'theirs');
    return [...wrongWith(world), ...(isTheirs ? [] : ['what is not ours was deleted'])];
  };
}

/** Every object as it shall be, each hook of this sync run once, and in its time. */
function wrongAfterChange(world: LoneCluster): string[] {
  const { written } = world;
  const ofObjects = written.flatMap((name, index) => (name in before || name in after ? [index] : []));
  const at = (name: string) => written.lastIndexOf(name);
  const early = Math.min(...ofObjects) < written.indexOf('warm') ? ['objects came before the hooks before them'] : [];
  const applied = names(5, 15).concat(names(20, 30));
  const late = applied.some((name) => at(name) > written.indexOf('check'))
    ? ['objects came after the hook after them']
    : [];
  const runs = ['migrate', 'warm', 'seed', 'check'].flatMap((name) => {
    const times = world.made.get(name) ?? 0;
    return times === 1 ? [] : [`${name} ran ${times} times`];
  });
  return [...world.wrongWith(after, ['migrate', 'check']), ...runs, ...early, ...late];
}

/** Nothing is left, and what runs then has run once. */
function wrongAfterLeaving(world: LoneCluster): string[] {
  const runs = ['drain', 'farewell', 'cleanup'].flatMap((name) => {
    const times = world.made.get(name) ?? 0;
    return times === 1 ? [] : [`${name} ran ${times} times`];
  });
  return [...world.wrongWith({}), ...runs];
}

const dyingInChange = dying(change, wrongAfterChange);
const dyingAsItLeaves = dying(leave, wrongAfterLeaving);

it('AT-33: an agent that dies at any call of a change of thirty objects with hooks in it comes right, skips no hook and runs none twice', async () => {
  const { points, wrong } = await atEveryCrashPoint(counting(change), dyingInChange);
  process.stdout.write(`${points} crash points of a sync with hooks\n`);
  expect(points).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});

it('AT-33: the same when its successor dies as well', async () => {
  const { points, wrong } = await atPairsOfCrashPoints(counting(change), 6, dyingInChange);
  process.stdout.write(`${points} pairs of crash points of a sync with hooks\n`);
  expect(points).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});

it('AT-33: an agent that dies at any call as a target leaves deletes all of it, and runs the hooks before and after that once', async () => {
  const { points, wrong } = await atEveryCrashPoint(counting(leave), dyingAsItLeaves);
  process.stdout.write(`${points} crash points of a departure with a hook\n`);
  expect(points).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});
