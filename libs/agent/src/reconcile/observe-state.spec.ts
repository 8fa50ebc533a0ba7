import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry } from '@flotilla/model';
import { configMapKey, configMapText, defaultSync, deploymentText, manyConfigMaps } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { chooseStep } from './choose-step.ts';
import { observeState } from './observe-state.ts';
import { TargetMemory } from './target-memory.ts';

let world: TargetWorld;
let memory: TargetMemory;

beforeEach(async () => {
  world = await TargetWorld.open();
  memory = new TargetMemory('target1', undefined);
});

const observe = () => observeState(memory, world.ports);

/** Runs the one step that leads on, and names the state after it. */
async function go(): Promise<string> {
  const { state } = observe();
  await world.ports.live.follow([
    { group: '', kind: 'ConfigMap' },
    { group: 'apps', kind: 'Deployment' },
  ]);
  await chooseStep(state)?.run({ memory, state, ports: world.ports });
  await world.settle();
  return observe().state.name;
}

/** The states that follow each other until nothing changes any more. */
async function walk(entry: DesiredEntry | undefined): Promise<string[]> {
  memory.entry = entry;
  const states = [observe().state.name as string];
  for (let step = 0; step < 12; step++) {
    const next = await go();
    if (next === states.at(-1)) break;
    states.push(next);
  }
  return states;
}

const road = ['SourceMissing', 'Unrendered', 'Unrecorded', 'OutOfStep', 'Unsettled'];

describe('AT-41 an entry of a newer control plane', () => {
  it.each([
    ['an intent', { intent: 'hibernate' as 'run' }, 'hibernate'],
    ['a drift mode', { sync: { ...defaultSync, drift: 'maybe' as 'off' } }, 'maybe'],
  ])('with %s that is not known here stops every write, and is named', async (_what, over, word) => {
    await walk(world.entry([configMapText('one')]));
    world.api.writes.length = 0;
    memory.entry = world.entry([configMapText('one', { a: '2' })], over);
    const { state } = observe();
    expect(state).toEqual({
      name: 'Suspended',
      by: 'this agent',
      reason: `its entry says \`${word}\`, which it does not know; upgrade the agent`,
    });
    await go();
    expect([world.api.writes, world.data('one')]).toEqual([[], { a: '1' }]);
  });
});

describe('the states of a target', () => {
  it('nothing speaks of it', async () => {
    expect(await walk(undefined)).toEqual(['Unlisted']);
  });

  it('new, to settled', async () => {
    expect(await walk(world.entry([configMapText('one')]))).toEqual([...road, 'Settled']);
  });

  it('new, and not well yet', async () => {
    expect(await walk(world.entry([deploymentText('a:1')]))).toEqual([...road, 'Waiting']);
  });

  it('another revision, with something given up', async () => {
    await walk(world.entry([configMapText('one'), configMapText('two')]));
    const second = await walk(world.entry([configMapText('one', { a: '2' })]));
    expect(second).toEqual([
      'SourceMissing',
      'Unrendered',
      'Unrecorded',
      'OutOfStep',
      'Leftover',
      'Unsettled',
      'Settled',
    ]);
  });

  it('only another release of the same content', async () => {
    const entry = world.entry([configMapText('one')]);
    await walk(entry);
    expect(await walk({ ...entry, release: 'other' })).toEqual(['Unsettled', 'Settled']);
  });

  it('leftovers that wait for a person', async () => {
    await walk(world.entry(manyConfigMaps(10)));
    await walk(world.entry(manyConfigMaps(2)));
    expect(observe().state).toMatchObject({ name: 'Waiting', block: { code: 'ApprovalRequired' } });
  });

  it('suspended by its entry before anything was fetched', async () => {
    const suspended = { by: 'anna', reason: 'freeze', since: 't' };
    expect(await walk(world.entry([configMapText('one')], { suspended }))).toEqual(['Suspended']);
  });

  it('suspended after it was fetched is rendered all the same, so that its status is known', async () => {
    const entry = world.entry([configMapText('one')]);
    await walk(entry);
    memory.rendered = undefined;
    const suspended = { by: 'anna', reason: 'freeze', since: 't' };
    expect(await walk({ ...entry, suspended })).toEqual(['Unrendered', 'Suspended']);
    expect(observe().plan?.objects.map(({ standing }) => standing)).toEqual(['same']);
  });

  it.each(['orphan', 'delete'] as const)('%s, and gone', async (intent) => {
    const entry = world.entry([configMapText('one')]);
    await walk(entry);
    expect(await walk({ ...entry, intent })).toEqual(['Leaving', 'Gone']);
  });

  it('leaving, and suspended', async () => {
    const entry = world.entry([configMapText('one')]);
    await walk(entry);
    const suspended = { by: 'anna', reason: 'freeze', since: 't' };
    expect(await walk({ ...entry, intent: 'delete', suspended })).toEqual(['Suspended']);
  });

  it('a person asks for everything once more', async () => {
    const entry = world.entry([configMapText('one')]);
    await walk(entry);
    expect(await walk({ ...entry, syncRequest: 'now' })).toEqual(['OutOfStep', 'Unsettled', 'Settled']);
  });

  it('an object that is suspended is left out, and nothing is deleted on top of that', async () => {
    await walk(world.entry([configMapText('one'), configMapText('two')]));
    await world.people.mergePatch(configMapKey('one'), {
      metadata: { annotations: { 'flotilla.dev/suspend': 'mine' } },
    });
    await world.settle();
    await walk(world.entry([configMapText('one', { a: '2' })]));
    expect([observe().state.name, world.data('one'), world.data('two')]).toEqual(['Waiting', { a: '1' }, { a: '1' }]);
  });

  it('what a person paused is as well as he wants it to be', async () => {
    const cron =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {paused: true, selector: {matchLabels: {a: b}}, template: {}}\n';
    expect((await walk(world.entry([cron]))).at(-1)).toBe('Settled');
  });
});

it('looking changes nothing', async () => {
  await walk(world.entry([configMapText('one')], { sync: defaultSync }));
  const before = JSON.stringify(memory);
  world.api.writes.length = 0;
  world.failing.calls.length = 0;
  for (let look = 0; look < 3; look++) observe();
  expect([JSON.stringify(memory), world.api.writes, world.failing.calls]).toEqual([before, [], []]);
});
