import { beforeEach, expect, it } from 'vitest';
import type { Ask } from '@flotilla/contracts';
import { contentDigest } from '@flotilla/model/node';
import { configMapKey, configMapText, deploymentText } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { answerAsk } from './answer-ask.ts';

let world: TargetWorld;
const report = { sync: { prune: false, drift: 'report', adopt: false, createNamespace: true } } as const;
const ask = { question: { kind: 'diff', target: 'target1' } } as Ask;
const foresee = () => Promise.reject(new Error('nobody asked for that'));
const answer = () => {
  const memory = world.reconciler.memory('target1');
  return answerAsk(ask, { cluster: world.failing.cluster, memory, held: [], foresee });
};

beforeEach(async () => {
  world = await TargetWorld.open();
});

it('says what would be made, changed and deleted, and changes nothing', async () => {
  await world.run([configMapText('one'), configMapText('two'), configMapText('old')], report);
  await world.run([configMapText('one'), configMapText('two')], report);
  await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
  const { uid } = world.api.peek(configMapKey('two'))!.metadata;
  await world.people.delete(configMapKey('two'), { uid: uid! });
  world.takeWrites();
  expect(await answer()).toEqual({
    diff: [
      {
        object: 'ConfigMap apps/one',
        change: 'update',
        fields: [
          { path: '.data.a', live: 'by hand', desired: '"1"', manager: 'kubectl-edit', at: '2026-01-01T00:00:00.000Z' },
        ],
      },
      {
        object: 'ConfigMap apps/two',
        change: 'create',
        fields: [],
        content: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: two\n  namespace: apps\ndata:\n  a: "1"',
      },
      { object: 'ConfigMap apps/old', change: 'delete', fields: [] },
    ],
  });
  expect(world.takeWrites()).toEqual([]);
});

it('leaves out what is ignored', async () => {
  const ignore = [{ kind: 'ConfigMap', jsonPointers: ['/data/a'] }];
  await world.run([configMapText('one')], { sync: { ...report.sync, ignore } });
  await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
  expect(await answer()).toEqual({ diff: [] });
});

it('shows texts of many lines by their lines, and counts what is too much', async () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`k${index}`, 'x']));
  await world.run([configMapText('one', { file: lines.join('\n') }), configMapText('two', many)], report);
  await world.people.mergePatch(configMapKey('one'), { data: { file: lines.with(20, 'by hand').join('\n') } });
  const edited = Object.fromEntries(Object.keys(many).map((name) => [name, 'y']));
  await world.people.mergePatch(configMapKey('two'), { data: edited });
  const [one, two] = (await answer()).diff!;
  expect([one!.fields[0]!.lines, two!.fields.length, two!.more]).toEqual([
    ['@@ line 18 @@', ' line 17', ' line 18', ' line 19', '-by hand', '+line 20', ' line 21', ' line 22', ' line 23'],
    200,
    50,
  ]);
});

it('leaves out the replicas that an autoscaler set', async () => {
  const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  await world.people.create({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'apps' },
    spec: { scaleTargetRef: reference },
  });
  await world.run([deploymentText('a:1', 2)], report);
  const key = { group: 'apps', kind: 'Deployment', namespace: 'apps', name: 'web' };
  await world.people.mergePatch(key, { spec: { replicas: 7 } });
  expect(await answer()).toEqual({ diff: [] });
});

it('AT-15 masks what a Secret holds', async () => {
  await world.run(['apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {password: Y2FuYXJ5LW9uZQ==}\n'], report);
  const key = { group: '', kind: 'Secret', namespace: 'apps', name: 's' };
  await world.people.mergePatch(key, { data: { password: 'Y2FuYXJ5LXR3bw==' } });
  const text = JSON.stringify(await answer());
  await world.people.delete(key, { uid: world.api.peek(key)!.metadata.uid! });
  const made = JSON.stringify(await answer());
  expect([text.includes('Secret apps/s'), made.includes('password: ••1')]).toEqual([true, true]);
  expect([text, made].filter((each) => /Y2FuYXJ5|canary/.test(each))).toEqual([]);
});

it('says what stood in the way', async () => {
  await world.run([configMapText('one')], report);
  world.failing.fail({ on: 'get' });
  expect(await answer()).toEqual({ problem: 'the API server is away' });
});

it('AT-43: tells the set that it holds, by name and digest, with the orders of people', async () => {
  const suspended = { by: 'user:ann', reason: 'incident 42', since: '2026-01-01T00:00:00.000Z' };
  const frozen = [{ ...suspended, name: 'year-end', scope: 'deploys' }];
  const entry = { ...(await world.run([configMapText('one')])), suspended, frozen };
  const { target, project, application, environment } = entry;
  const question = { question: { kind: 'held' } } as Ask;
  const parts = { cluster: world.failing.cluster, memory: undefined, foresee };
  expect(await answerAsk(question, { ...parts, held: [entry] })).toEqual({
    held: [
      {
        target,
        project,
        application,
        environment,
        content: contentDigest({ ...entry, generation: 9 }),
        suspended,
        frozen,
      },
    ],
  });
  expect(await answerAsk(question, { ...parts, held: Array.from({ length: 5_001 }, () => entry) })).toEqual({
    problem: 'the agent holds 5001 targets, and tells at most 5000',
  });
});
