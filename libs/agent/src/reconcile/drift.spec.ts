import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry } from '@flotilla/model';
import { configMapKey, configMapText, defaultSync, deploymentText } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

const key = configMapKey('one');
const text = configMapText('one', { a: '1', b: '2' });
const at = '2026-01-01T00:00:00.000Z';
let world: TargetWorld;

beforeEach(async () => {
  world = await TargetWorld.open();
});

const syncOf = (over: Partial<DesiredEntry['sync']>) => ({ sync: { ...defaultSync, ...over } });

async function edit(data: object, by = world.people): Promise<void> {
  await by.mergePatch(key, { data });
  world.takeWrites();
  await world.settle();
}

describe('a field that is ignored is no drift', () => {
  const rules = [
    { jsonPointers: ['/data/a'] },
    { kind: 'Config*', name: 'o?e', jsonPointers: ['/data/a'] },
    { managers: ['injector'] },
  ];

  it.each(rules)('by %j: nothing is written, nothing is told', async (rule) => {
    await world.run([text], syncOf({ ignore: [rule] }));
    await edit({ a: 'theirs' }, world.api.as('injector'));
    await edit({ a: 'theirs again' }, world.api.as('injector'));
    await world.restart();
    await world.settle(3_600_000);
    expect([world.takeWrites(), world.data('one')?.a, world.summary(), world.status()!.drift]).toEqual([
      [],
      'theirs again',
      'Synced Healthy',
      undefined,
    ]);
  });

  it('by a pointer though it is gone; what is not ignored beside it is taken back, and the rest stays', async () => {
    await world.run([text], syncOf({ ignore: [rules[0]!] }));
    await edit({ a: null });
    await edit({ b: 'by hand' });
    expect([world.data('one'), world.summary()]).toEqual([{ a: '1', b: '2' }, 'Synced Healthy']);
  });

  it('only while the rule says so: without it the field is ours again', async () => {
    const entry = await world.run([text], syncOf({ ignore: [rules[0]!] }));
    await edit({ a: 'theirs', b: 'by hand' });
    const before = world.data('one');
    await world.order({ ...entry, ...syncOf({}) });
    expect([before, world.data('one'), world.summary()]).toEqual([
      { a: 'theirs', b: '2' },
      { a: '1', b: '2' },
      'Synced Healthy',
    ]);
  });

  it('and a manager that is named keeps it only while he owns it', async () => {
    await world.run([text], syncOf({ ignore: [rules[2]!] }));
    await edit({ a: 'theirs' }, world.api.as('injector'));
    await edit({ a: 'by hand' });
    expect(world.data('one')).toEqual({ a: '1', b: '2' });
  });
});

it('AT-31: the replicas that an autoscaler set are as they shall be: nothing is written, and Synced is said', async () => {
  const autoscaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'apps' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
  };
  const web = { group: 'apps', kind: 'Deployment', namespace: 'apps', name: 'web' };
  await world.people.create(autoscaler);
  await world.run([deploymentText('a:1', 2)]);
  await world.api.as('kube-controller-manager').mergePatch(web, { spec: { replicas: 7 } });
  world.takeWrites();
  await world.settle(60_000);
  expect([world.takeWrites(), world.status()!.sync, world.status()!.drift]).toEqual([[], 'Synced', undefined]);
  const { uid } = (await world.api.list({ group: 'autoscaling', kind: 'HorizontalPodAutoscaler' }, {}))[0]!.metadata;
  await world.people.delete(
    { group: 'autoscaling', kind: 'HorizontalPodAutoscaler', namespace: 'apps', name: 'web' },
    { uid: uid! },
  );
  await world.settle(3_600_000);
  expect(world.api.peek(web)!.spec).toMatchObject({ replicas: 2 });
});

it("the rules of a role that a controller gathers are the controller's, though Git has some", async () => {
  const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: gathered}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {gather: "yes"}}]}
rules: []
`;
  const gathered = { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'gathered' };
  await world.run([role]);
  await world.api.as('clusterrole-aggregation-controller').mergePatch(gathered, { rules: [{ verbs: ['get'] }] });
  world.takeWrites();
  await world.settle();
  const seen = [world.takeWrites(), world.summary()];
  await world.run([role, text]);
  expect([seen, world.api.peek(gathered)!['rules']]).toEqual([[[], 'Synced Healthy'], [{ verbs: ['get'] }]]);
});

describe('drift is told field by field, with who and when', () => {
  const told = { object: 'ConfigMap apps/one', manager: 'kubectl-edit', operation: 'Update', at };

  it('while it is only reported, and after it was taken back', async () => {
    const entry = await world.run([text], syncOf({ drift: 'report' }));
    await edit({ a: 'by hand', b: null });
    const reported = world.status()!;
    await world.order({ ...entry, syncRequest: 'now' });
    const fields = [
      { ...told, field: '.data.a' },
      { ...told, field: '.data.b', removed: true },
    ];
    expect([reported.drift, reported.reason, world.status()!.drift, world.summary()]).toEqual([
      fields.map((field) => ({ ...field, corrected: false })),
      {
        code: 'Drifted',
        message: `ConfigMap apps/one: .data.a was changed by kubectl-edit at ${at} (and 1 more field)`,
      },
      fields.map((field) => ({ ...field, corrected: true })),
      'Synced Healthy',
    ]);
  });

  it('of an object that was deleted and made again', async () => {
    await world.run([text]);
    const { uid } = world.api.peek(key)!.metadata;
    await world.people.delete(key, { uid: uid! });
    await world.settle();
    expect(world.status()!.drift).toEqual([
      { object: 'ConfigMap apps/one', field: '', manager: 'unknown', removed: true, corrected: true },
    ]);
  });

  it('as it is now, and not as it was when it was taken back before', async () => {
    const entry = await world.run([text]);
    await edit({ a: 'by hand' });
    await world.order({ ...entry, ...syncOf({ drift: 'report' }) });
    await edit({ a: 'by hand' });
    expect(world.status()!.drift).toEqual([{ ...told, field: '.data.a', corrected: false }]);
  });

  it('no more once the value is back, whoever put it back', async () => {
    await world.run([text], syncOf({ drift: 'report' }));
    await edit({ a: 'by hand' });
    await edit({ a: '1' });
    expect([world.takeWrites(), world.summary(), world.status()!.drift]).toEqual([[], 'Synced Healthy', undefined]);
  });
});

describe('what is done about drift is said', () => {
  const onlyA = { jsonPointers: ['/data/a'] };

  it.each([
    { drift: 'correct', mode: 'report', a: 'by hand', b: '2', summary: 'OutOfSync Healthy Drifted', told: ['.data.a'] },
    { drift: 'correct', mode: 'off', a: 'by hand', b: '2', summary: 'Synced Healthy', told: [] },
    { drift: 'report', mode: 'correct', a: '1', b: 'by hand', summary: 'OutOfSync Healthy Drifted', told: ['.data.b'] },
    { drift: 'off', mode: 'correct', a: '1', b: 'by hand', summary: 'Synced Healthy', told: [] },
  ] as const)('for a field: $mode where the application says $drift', async ({ drift, mode, a, b, summary, told }) => {
    await world.run([text], syncOf({ drift, driftRules: [{ ...onlyA, mode }] }));
    await edit({ a: 'by hand', b: 'by hand' });
    // Not only in the moment of the change, and not only in this process.
    await world.settle(3_600_000);
    await world.restart();
    const left = (world.status()!.drift ?? []).filter(({ corrected }) => !corrected).map(({ field }) => field);
    expect([world.data('one'), world.summary(), left]).toEqual([{ a, b }, summary, told]);
  });

  it('for whole objects, deleted ones among them; the first rule that is about it decides', async () => {
    const driftRules = [
      { name: 'one', mode: 'report' as const },
      { kind: 'ConfigMap', mode: 'correct' as const },
    ];
    await world.run([text, configMapText('two')], syncOf({ drift: 'off', driftRules }));
    for (const name of ['one', 'two']) {
      const { uid } = world.api.peek(configMapKey(name))!.metadata;
      await world.people.delete(configMapKey(name), { uid: uid! });
    }
    await world.settle();
    expect([world.data('one'), world.data('two'), world.summary()]).toEqual([
      undefined,
      { a: '1' },
      'OutOfSync Missing Drifted',
    ]);
  });

  it.each([
    { word: 'report', kept: 'by hand', summary: 'OutOfSync Healthy Drifted' },
    { word: 'off', kept: 'by hand', summary: 'Synced Healthy' },
    { word: 'correct', kept: '1', summary: 'Synced Healthy' },
    { word: 'a typing error', kept: 'by hand', summary: 'OutOfSync Healthy Drifted' },
  ])('on the object, by a person in the cluster or in Git: $word', async ({ word, kept, summary }) => {
    const drift = word === 'correct' ? 'report' : 'correct';
    await world.run([text], syncOf({ drift }));
    await world.people.mergePatch(key, { metadata: { annotations: { 'flotilla.dev/drift': word } } });
    await edit({ a: 'by hand' });
    const byPerson = [world.data('one')?.a, world.summary()];
    world = await TargetWorld.open();
    await world.run([configMapText('one', { a: '1' }, { 'flotilla.dev/drift': word })], syncOf({ drift }));
    await edit({ a: 'by hand' });
    const expected = [kept, summary];
    expect([byPerson, [world.data('one')?.a, world.summary()]]).toEqual([expected, expected]);
  });

  it('and the next sync takes back whatever is not ignored', async () => {
    const settings = syncOf({ driftRules: [{ ...onlyA, mode: 'off' }] });
    await world.run([text], settings);
    await edit({ a: 'by hand' });
    await world.run([text, configMapText('two')], settings);
    expect(world.data('one')?.a).toBe('1');
  });
});

it('a contest names its field, and holds back nothing but its object', async () => {
  await world.run([text, configMapText('two')]);
  const rival = world.api.as('rival-controller');
  for (let second = 0; second < 60; second++) {
    await rival.mergePatch(key, { data: { a: `r${second}` } });
    await world.settle(1_000);
  }
  await world.people.mergePatch(configMapKey('two'), { data: { a: 'by hand' } });
  await world.settle();
  const contested = [world.data('one')?.a, world.data('two')?.a, world.status()!.reason];
  await world.run([text, configMapText('two', { a: 'new' }), configMapText('three')]);
  expect([contested, world.data('two')?.a, world.data('three')?.a]).toEqual([
    [
      'r59',
      '1',
      {
        code: 'Contested',
        message: expect.stringMatching(
          /^ConfigMap apps\/one was taken back \d+ times and rival-controller changes \.data\.a again/,
        ),
      },
    ],
    'new',
    '1',
  ]);
});

describe('AT-34 after its API server was restored from a backup', () => {
  it('drift is seen and taken back, and what the backup did not hold is made again, without a restart', async () => {
    await world.run([text]);
    const restore = world.api.backup();
    await world.run([text, configMapText('two')]);
    for (let count = 0; count < 20; count++)
      await world.people.mergePatch(key, { metadata: { labels: { count: `${count}` } } });
    await world.settle();
    restore();
    await world.settle(5_000);
    const back = [world.data('two'), world.summary()];
    await edit({ a: 'by hand' });
    await world.settle(5_000);
    expect([...back, world.data('one'), world.summary()]).toEqual([
      { a: '1' },
      'Synced Healthy',
      { a: '1', b: '2' },
      'Synced Healthy',
    ]);
  });
});
