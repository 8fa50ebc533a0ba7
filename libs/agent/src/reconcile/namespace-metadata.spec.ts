import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry } from '@flotilla/model';
import { namespaceManager } from '../names.ts';
import { configMapText, defaultSync } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';

const namespaceText = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: fresh, labels: {team: git}}\n';
const mark = { 'flotilla.dev/kept-namespace': 'true' };
const by = `by ${namespaceManager('target1')}`;
const wishes = (labels: Record<string, string>, over: object = {}) => ({
  namespace: 'fresh',
  sync: { ...defaultSync, namespace: { labels }, ...over },
});
const team = wishes({ team: 'shop' });

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

const key = { group: '', kind: 'Namespace', name: 'fresh' };
const stands = (name = 'fresh') => world.api.peek({ ...key, name })?.metadata.labels ?? {};
const theirs = (labels: Record<string, string>): Promise<unknown> =>
  world.people.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fresh', labels } });
const patch = async (labels: Record<string, string | null>): Promise<void> => {
  await world.people.mergePatch(key, { metadata: { labels } });
  await world.settle(1_000);
};
const managers = (): string[] =>
  (world.api.peek(key)?.metadata.managedFields ?? []).map(({ manager }) => manager).toSorted();

describe('labels and annotations on the namespace of a target', () => {
  it('are on it before anything is that lives there', async () => {
    const annotations = { 'example.org/owner': 'Ada' };
    const sync = { ...defaultSync, namespace: { labels: { team: 'shop' }, annotations } };
    await world.run([configMapText('one')], { namespace: 'fresh', sync });
    expect([world.takeWrites(), stands(), world.api.peek(key)?.metadata.annotations, world.summary()]).toEqual([
      [`apply Namespace fresh ${by}`, 'apply ConfigMap fresh/one by flotilla'],
      { team: 'shop', ...mark },
      annotations,
      'Synced Healthy',
    ]);
  });

  it('are all that is ours on a namespace that was there before, which is not in our inventory', async () => {
    await theirs({ cost: 'theirs' });
    const entry = await world.run([configMapText('one')], team);
    const laid = [stands(), managers()];
    const inventory = world.reconciler.memory('target1')!.record.inventory.map(({ key: { kind } }) => kind);
    world.takeWrites();
    await world.order({ ...entry, intent: 'delete', deletedBy: 'ada' });
    expect([...laid, inventory, world.takeWrites(), stands(), world.status()!.gone]).toEqual([
      { cost: 'theirs', team: 'shop', ...mark },
      [namespaceManager('target1'), 'kubectl-edit'],
      ['ConfigMap'],
      ['delete ConfigMap fresh/one by flotilla', `apply Namespace fresh ${by}`],
      { cost: 'theirs' },
      true,
    ]);
  });

  it('stay where they are when the target is only let go, and belong to nobody', async () => {
    const entry = await world.run([configMapText('one')], team);
    await world.order({ ...entry, intent: 'orphan' });
    expect([stands(), managers().includes(namespaceManager('target1')), world.status()!.gone]).toEqual([
      { team: 'shop' },
      false,
      true,
    ]);
  });

  it('are taken back when somebody changes them or takes our mark off, and nothing is written while all is as it shall be', async () => {
    await world.run([configMapText('one')], team);
    await patch({ team: 'others' });
    const changed = [stands(), world.status()!.drift];
    await patch({ 'flotilla.dev/kept-namespace': null, team: null });
    const removed = stands();
    world.takeWrites();
    await world.settle(3_600_000);
    expect([...changed, removed, world.takeWrites()]).toEqual([
      { team: 'shop', ...mark },
      [expect.objectContaining({ object: 'Namespace fresh', field: '.metadata.labels.team', corrected: true })],
      { team: 'shop', ...mark },
      [],
    ]);
  });

  it('that shall only be reported are, and the next sync takes them back', async () => {
    const entry = await world.run([configMapText('one')], wishes({ team: 'shop' }, { drift: 'report' }));
    await patch({ team: 'others' });
    const told = [stands().team, world.summary(), world.status()!.reason!.message];
    await world.order({ ...entry, generation: 2, syncRequest: 'ada' });
    expect([...told, stands().team, world.summary()]).toEqual([
      'others',
      'OutOfSync Healthy Drifted',
      expect.stringContaining('Namespace fresh: .metadata.labels.team was changed by kubectl-edit'),
      'shop',
      'Synced Healthy',
    ]);
  });

  it('that are contested again and again are let be for a while', async () => {
    await world.run([configMapText('one')], team);
    for (let count = 0; count < 25; count++) await patch({ team: `others${count}` });
    expect([stands().team, world.summary()]).toEqual(['others24', 'OutOfSync Healthy Drifted']);
  });

  it('that others hold are theirs, unless adopt says otherwise', async () => {
    await theirs({ team: 'theirs' });
    const entry = await world.run([configMapText('one')], team);
    const refused = [stands(), world.summary(), world.data('one')];
    await world.order({ ...entry, generation: 2, sync: { ...entry.sync, adopt: true } });
    expect([...refused, stands(), world.summary()]).toEqual([
      { team: 'theirs' },
      'OutOfSync Missing Conflict',
      undefined,
      { team: 'shop', ...mark },
      'Synced Healthy',
    ]);
  });

  it('go when nobody wants them any more, one or all, also from the namespace that the target left', async () => {
    const entry = await world.run([configMapText('one')], wishes({ team: 'shop', tier: 'gold' }));
    await world.order({ ...entry, generation: 2, ...team });
    const one = stands();
    const { namespace: _, ...sync } = team.sync;
    await world.order({ ...entry, generation: 3, sync });
    const all = stands();
    await world.order({ ...entry, generation: 4, ...team });
    await world.order({ ...entry, generation: 5, ...team, namespace: 'apps' });
    expect([one, all, stands(), stands('apps')]).toEqual([
      { team: 'shop', ...mark },
      {},
      {},
      { team: 'shop', ...mark },
    ]);
  });

  it('are those that Git says where Git holds the namespace itself', async () => {
    const entry = await world.run([configMapText('one')], team);
    await world.run([namespaceText, configMapText('one')], { ...team, sync: { ...team.sync, adopt: true } });
    expect([stands().team, managers(), world.summary(), entry.namespace]).toEqual([
      'git',
      expect.not.arrayContaining([namespaceManager('target1')]),
      'Synced Healthy',
      'fresh',
    ]);
  });

  it('of two targets in one namespace stand side by side, and go with their own', async () => {
    await world.run([configMapText('one')], team);
    const second = { target: 'target2', application: 'cart', ...wishes({ tier: 'gold' }) };
    const entry = await world.run([configMapText('two')], second);
    const both = stands();
    await world.order({ ...entry, intent: 'orphan' });
    const left = stands();
    await patch({ team: 'others' });
    expect([both, left, stands()]).toEqual([
      { team: 'shop', tier: 'gold', ...mark },
      { team: 'shop', tier: 'gold', ...mark },
      { team: 'shop', tier: 'gold', ...mark },
    ]);
  });

  it('are left alone while a person suspends the namespace', async () => {
    await world.run([configMapText('one')], team);
    await world.people.mergePatch(key, {
      metadata: { annotations: { 'flotilla.dev/suspend': 'looking' }, labels: { team: 'others' } },
    });
    await world.settle(1_000);
    expect([stands().team, world.summary()]).toEqual(['others', 'OutOfSync Healthy Suspended']);
  });

  it('are known as ours by a process that is new', async () => {
    await world.run([configMapText('one')], team);
    await world.restart();
    world.takeWrites();
    await patch({ team: 'others' });
    expect([stands(), world.takeWrites()]).toEqual([
      { team: 'shop', ...mark },
      ['patch Namespace fresh by kubectl-edit', `apply Namespace fresh ${by}`],
    ]);
  });

  it('AT-33 come to stand, and to be known, wherever the agent dies', async () => {
    const outcomes = new Set<string>();
    for (let calls = 1; calls < 24; calls++) {
      for (const lastHasEffect of [false, true]) {
        outcomes.add(await diedAfter(calls, { lastHasEffect, isWantedAgain: true }));
        outcomes.add(await diedAfter(calls, { lastHasEffect, isWantedAgain: false }));
      }
    }
    const laid = JSON.stringify({ team: 'shop', ...mark });
    expect([...outcomes].toSorted()).toEqual([`not wanted: Synced Healthy {}`, `wanted: Synced Healthy ${laid}`]);
  });
});

interface Death {
  readonly lastHasEffect: boolean;
  /** Whether the next process is to lay them, or finds that nobody wants them any more. */
  readonly isWantedAgain: boolean;
}

async function diedAfter(calls: number, { lastHasEffect, isWantedAgain }: Death): Promise<string> {
  const one = await TargetWorld.open();
  one.failing.dieAfter(calls, lastHasEffect);
  const entry = await one.run([configMapText('one')], team);
  one.failing.heal();
  const { namespace: _, ...sync } = entry.sync;
  await one.restart({ ...entry, generation: 2, ...(!isWantedAgain && { sync: sync as DesiredEntry['sync'] }) });
  await one.settle(120_000);
  return `${isWantedAgain ? 'wanted' : 'not wanted'}: ${one.summary()} ${JSON.stringify(one.api.peek(key)?.metadata.labels ?? {})}`;
}

describe('AT-14 what an application says of its namespace', () => {
  const privileged = wishes({ 'pod-security.kubernetes.io/enforce': 'privileged' });

  it('is refused where its project does not let it say how strictly pods are judged', async () => {
    const entry = await world.run([configMapText('one')], { ...privileged, allow: { podSecurity: false } });
    const refused = [world.takeWrites(), world.status()!.reason];
    await world.order({ ...entry, generation: 2, allow: { podSecurity: true } });
    const allowed = world.summary();
    await world.order({ ...entry, generation: 3, allow: {} });
    expect([...refused, allowed, world.summary()]).toEqual([
      [],
      {
        code: 'NotAllowed',
        message:
          'nothing was applied: project shop does not allow Namespace fresh (pod-security labels, without allow.podSecurity)',
      },
      'Synced Healthy',
      'Unknown Unknown NotAllowed',
    ]);
  });

  it('is said with the rights of its ServiceAccount', async () => {
    await world.run([configMapText('one')], { ...team, serviceAccount: 'deployer' });
    const about = world.failing.calls.filter(({ subject }) => subject === 'Namespace fresh');
    expect([...new Set(about.map(({ as }) => as))]).toEqual(['fresh/deployer']);
  });
});

it('a window that is closed keeps them from being laid', async () => {
  const windows = [{ kind: 'deny' as const, schedule: '* * * * *', duration: '1h' }];
  await world.run([configMapText('one')], { ...team, windows });
  expect([world.takeWrites(), world.status()!.reason?.code]).toEqual([[], 'Window']);
});
