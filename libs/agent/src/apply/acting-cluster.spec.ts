import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry } from '@flotilla/model';
import { answerAsk } from '../orders/answer-ask.ts';
import { agentObjects } from '../names.ts';
import { configMapKey, configMapText, deploymentText } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

const tenant = { serviceAccount: 'deployer' } as const;

/** Calls about objects, by whom they were made as; the agent's own namespace apart from all others. */
function callers(): { own: string[]; objects: string[] } {
  const asked = world.failing.calls.filter(({ verb }) => verb !== 'kindOf' && verb !== 'refreshKinds');
  const isOwn = ({ subject, key }: (typeof asked)[number]) =>
    key?.namespace === agentObjects.namespace || subject.includes(agentObjects.namespace) || subject === 'Secret';
  const names = (calls: typeof asked) => [...new Set(calls.map(({ as = 'the agent itself' }) => as))];
  return { own: names(asked.filter(isOwn)), objects: names(asked.filter((call) => !isOwn(call))) };
}

describe('AT-14 the identity of an application', () => {
  const only = { own: ['the agent itself'], objects: ['apps/deployer'] };

  it('stands on every call about its objects, and on none about what the agent keeps', async () => {
    await world.run([configMapText('one'), deploymentText('a:1')], tenant);
    await world.people.mergePatch(configMapKey('one'), { data: { a: 'by hand' } });
    await world.settle(5_000);
    const entry = await world.run([configMapText('two')], tenant);
    await world.order({ ...entry, intent: 'delete', deletedBy: 'ada' });
    expect([callers(), world.status()!.gone]).toEqual([only, true]);
  });

  it('stands on what is left behind as well', async () => {
    const entry = await world.run([configMapText('one')], tenant);
    await world.order({ ...entry, intent: 'orphan' });
    expect([callers(), world.status()!.gone]).toEqual([only, true]);
  });

  it('stands on a question about the difference', async () => {
    await world.run([configMapText('one')], tenant);
    world.failing.calls.length = 0;
    const memory = world.reconciler.memory('target1');
    const ask = { question: { kind: 'diff', target: 'target1' } } as Parameters<typeof answerAsk>[0];
    const foresee = (entry: DesiredEntry) => world.reconciler.foresee(entry, new AbortController().signal);
    await answerAsk(ask, { cluster: world.failing.cluster, memory, held: [], foresee });
    expect(callers()).toEqual({ own: [], objects: ['apps/deployer'] });
  });

  it('stands on a question about what would change as well', async () => {
    const entry = await world.run([configMapText('one')], tenant);
    world.failing.calls.length = 0;
    const ask = { question: { kind: 'preview', entry } } as Parameters<typeof answerAsk>[0];
    const foresee = (wanted: DesiredEntry) => world.reconciler.foresee(wanted, new AbortController().signal);
    await answerAsk(ask, { cluster: world.failing.cluster, memory: undefined, held: [], foresee });
    expect(callers()).toEqual({ own: [], objects: ['apps/deployer'] });
  });

  it('that makes its namespace makes it with its own rights', async () => {
    await world.run([configMapText('one')], { ...tenant, namespace: 'fresh' });
    expect(callers().objects).toEqual(['fresh/deployer']);
  });

  it('that may not look at its namespace goes on: it would not be there without one', async () => {
    const fault = { code: 'forbidden', reason: 'Forbidden', message: 'namespaces "apps" is forbidden' } as const;
    world.failing.fail({ on: 'get Namespace', fault });
    await world.run([configMapText('one')], tenant);
    expect(world.summary()).toBe('Synced Healthy');
  });

  it.each(['', '  '])(
    'that is empty (%j) refuses, and nothing is asked as the agent itself',
    async (serviceAccount) => {
      await world.run([configMapText('one')], { serviceAccount });
      expect([world.takeWrites(), callers().objects, world.status()!.reason]).toEqual([
        [],
        [],
        {
          code: 'IdentityRefused',
          message: 'the ServiceAccount to act as is empty; nothing is read or written for it',
        },
      ]);
    },
  );
});

describe('AT-14 what a project does not allow', () => {
  const labelled =
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: e, labels: {pod-security.kubernetes.io/enforce: privileged}}\n';
  const binding = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: sa-e}\n';
  const far = configMapText('far').replace('"name"', '"namespace":"f","name"');
  const allow = { namespaces: ['apps'] };

  it('is refused before anything is applied, all of it in one reason', async () => {
    await world.run([configMapText('one'), far, binding, labelled], { ...tenant, allow });
    expect([world.takeWrites(), world.status()!.reason]).toEqual([
      [],
      {
        code: 'NotAllowed',
        message:
          'nothing was applied: project shop does not allow ConfigMap f/far (its namespace is not in allow.namespaces), ClusterRoleBinding sa-e (not in allow.clusterKinds), Namespace e (pod-security labels, without allow.podSecurity)',
      },
    ]);
  });

  it('is asked again when the project says something else, with the same files', async () => {
    const entry = await world.run([configMapText('one')], { allow: { kinds: [] } });
    const before = world.summary();
    await world.order({ ...entry, allow: {} });
    expect([before, world.summary()]).toEqual(['Unknown Missing NotAllowed', 'Synced Healthy']);
  });

  it('deletes nothing of what ran before', async () => {
    const entry = await world.run([configMapText('one'), configMapText('two')]);
    world.takeWrites();
    await world.order({ ...entry, allow: { kinds: [] } });
    expect([world.takeWrites(), world.status()!.reason!.code]).toEqual([[], 'NotAllowed']);
  });
});

it('AT-41 an entry that needs what this agent does not know is left alone', async () => {
  await world.run([configMapText('one')], { needs: ['allow', 'moon-phase'] } as Partial<DesiredEntry>);
  expect([world.takeWrites(), world.status()!.reason]).toEqual([
    [],
    { code: 'Suspended', message: expect.stringContaining('`moon-phase`') },
  ]);
});
