import { beforeEach, expect, it } from 'vitest';
import type { Ask } from '@flotilla/contracts';
import { contentDigest } from '@flotilla/model/node';
import { configMapKey, configMapText } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { answerAsk } from './answer-ask.ts';

let world: TargetWorld;
const report = { sync: { prune: false, drift: 'report', adopt: false, createNamespace: true } } as const;
const ask = { question: { kind: 'diff', target: 'target1' } } as Ask;
const answer = () =>
  answerAsk(ask, { cluster: world.failing.cluster, memory: world.reconciler.memory('target1'), held: [] });

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
        fields: [{ path: expect.stringContaining('a'), live: 'by hand', desired: '1' }],
      },
      { object: 'ConfigMap apps/two', change: 'create', fields: [] },
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

it('AT-15 masks what a Secret holds', async () => {
  await world.run(['apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {password: Y2FuYXJ5LW9uZQ==}\n'], report);
  const key = { group: '', kind: 'Secret', namespace: 'apps', name: 's' };
  await world.people.mergePatch(key, { data: { password: 'Y2FuYXJ5LXR3bw==' } });
  const text = JSON.stringify(await answer());
  expect([text.includes('Secret apps/s'), text.includes('Y2FuYXJ5')]).toEqual([true, false]);
});

it('says what stood in the way', async () => {
  await world.run([configMapText('one')], report);
  world.failing.fail({ on: 'get' });
  expect(await answer()).toEqual({ problem: 'the API server is away' });
});

it('AT-43: tells the set that it holds, by name and digest, with the orders of people', async () => {
  const suspended = { by: 'user:ann', reason: 'incident 42', since: '2026-01-01T00:00:00.000Z' };
  const entry = { ...(await world.run([configMapText('one')])), suspended };
  const { target, project, application, environment } = entry;
  const question = { question: { kind: 'held' } } as Ask;
  const parts = { cluster: world.failing.cluster, memory: undefined };
  expect(await answerAsk(question, { ...parts, held: [entry] })).toEqual({
    held: [
      { target, project, application, environment, content: contentDigest({ ...entry, generation: 9 }), suspended },
    ],
  });
  expect(await answerAsk(question, { ...parts, held: Array.from({ length: 5_001 }, () => entry) })).toEqual({
    problem: 'the agent holds 5001 targets, and tells at most 5000',
  });
});
