import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry } from '@flotilla/model';
import { appsNamespace, deploymentText } from '../testing/factories.ts';
import { argo, job } from '../testing/jobs.ts';
import { TargetWorld } from '../testing/target-world.ts';

const minuteMs = 60_000;
const policy = { retreat: { after: '10m', within: '30m' } };
const key = { group: 'apps', kind: 'Deployment', namespace: appsNamespace, name: 'web' };

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

const image = () => JSON.stringify(world.api.peek(key)).match(/"image":"a:(\d)"/)?.[1];
const seen = () => [image(), world.summary()];
const release = (tag: number) => [deploymentText(`a:${tag}`), job(`before-${tag}`, argo('SyncFail'))];
const runs = (tag: number, over: Partial<DesiredEntry> = {}) => world.run(release(tag), { ...policy, ...over });

async function workload(isWell: boolean): Promise<void> {
  const observedGeneration = world.api.peek(key)!.metadata.generation;
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'too slow' };
  const status = { observedGeneration, ...counts, conditions: isWell ? [] : [late] };
  await world.people.mergePatch(key, { status });
  await world.settle();
}

const silence = async (ms: number) => {
  world.hearing.unheardMs = ms;
  await world.settle(2 * minuteMs);
};

/** The first was well, the second is not, and a person knows of neither. */
async function secondFails(over: Partial<DesiredEntry> = {}): Promise<DesiredEntry> {
  await runs(1, over);
  await workload(true);
  await world.settle(minuteMs);
  const second = await runs(2, over);
  await workload(false);
  return second;
}

describe('a release that fails while nobody hears the agent', () => {
  it('is gone back from, to what was well, from the bundle that is held, and says so', async () => {
    await secondFails();
    world.gitHost.gone = true;
    await silence(10 * minuteMs);
    await workload(true);
    expect([seen(), world.status()!.reason!.message]).toEqual([
      ['1', 'OutOfSync Healthy Retreated'],
      expect.stringMatching(
        /^it went back by itself at 2026-.*, while nobody heard the agent, because 0000000\w failed: /,
      ),
    ]);
  });

  it('is kept while somebody hears it, however badly it does; and that, it asks for again and again', async () => {
    await secondFails();
    const { asked } = world.hearing;
    await silence(10 * minuteMs - 1);
    expect([image(), world.hearing.asked - asked > 5]).toEqual(['2', true]);
  });

  it('is asked about only where a policy needs the answer', async () => {
    await secondFails({ retreat: undefined });
    await silence(0);
    expect(world.hearing.asked).toBe(0);
  });

  it.each<[string, Partial<DesiredEntry>]>([
    ['where no policy says so', { retreat: undefined }],
    ['where a person went to it', { pin: { by: 'user:ann', reason: 'she knows', since: 'then' } }],
    ['where a freeze holds', { frozen: [{ name: 'x', scope: 'deploys', by: 'user:ann', reason: 'x', since: 'then' }] }],
    ['where everything is suspended', { suspended: { by: 'user:ann', reason: 'looking', since: 'then' } }],
  ])('is kept %s', async (_, over) => {
    const second = await secondFails();
    await world.order({ ...second, generation: 2, ...over });
    await silence(60 * minuteMs);
    expect([image(), world.reconciler.memory('target1')!.record.retreat]).toEqual(['2', undefined]);
  });

  it('is kept where nothing that was well is held', async () => {
    await runs(1);
    await workload(false);
    await runs(2);
    await workload(false);
    await silence(60 * minuteMs);
    expect(image()).toBe('2');
  });

  it('is kept where it failed only long after it came', async () => {
    await runs(1);
    await workload(true);
    await world.settle(minuteMs);
    await runs(2);
    await workload(true);
    await world.settle(31 * minuteMs);
    await workload(false);
    await silence(60 * minuteMs);
    expect(image()).toBe('2');
  });

  it('is kept where it is unwell for a moment only', async () => {
    await secondFails();
    world.hearing.unheardMs = 60 * minuteMs;
    await world.settle(30_000);
    await workload(true);
    await world.settle(30 * minuteMs);
    expect(seen()).toEqual(['2', 'Synced Healthy']);
  });
});

describe('what was gone back from', () => {
  let second: DesiredEntry;
  beforeEach(async () => {
    second = await secondFails();
    await silence(10 * minuteMs);
    await workload(true);
    world.hearing.unheardMs = 0;
  });

  it('stays so when the agent is heard again, over a restart, and whatever comes with the same release', async () => {
    await world.restart();
    await world.order({ ...second, generation: 7 });
    await world.settle(60 * minuteMs);
    expect(seen()).toEqual(['1', 'OutOfSync Healthy Retreated']);
  });

  it('ends with another release, and is not come back to when that one is over', async () => {
    await runs(3);
    await workload(true);
    const third = [image(), world.summary()];
    await world.order({ ...second, generation: 9 });
    await workload(true);
    expect([third, image(), world.summary()]).toEqual([['3', 'Synced Healthy'], '2', 'Synced Healthy']);
  });

  it('ends when a person asks for a sync, and happens to this release no more', async () => {
    await world.order({ ...second, generation: 9, syncRequest: 'ann-1' });
    await workload(false);
    await silence(60 * minuteMs);
    expect(image()).toBe('2');
  });

  it('AT-09: gives way to a rollback that was ordered meanwhile, which says who holds it', async () => {
    const pin = { by: 'user:ann', reason: 'incident 42', since: '2026-01-01T00:00:00.000Z' };
    const sync = { ...second.sync, prune: false };
    const first = world.reconciler.memory('target1')!.entry!;
    await world.order({ ...first, generation: 9, sync, pin });
    const pinned = [image(), world.status()!.sync, world.status()!.reason?.code];
    await runs(3);
    await workload(true);
    expect([pinned, seen()]).toEqual([
      ['1', 'Synced', 'Pinned'],
      ['3', 'Synced Healthy'],
    ]);
  });
});

it('an agent goes back by itself on three targets of an environment in an hour, and leaves the rest to people', async () => {
  const targets = ['a', 'b', 'c', 'd'];
  const at = (target: string) => ({ target, namespace: target, application: target });
  const nameOf = (target: string) => ({ ...key, namespace: target });
  const said = async (target: string, isWell: boolean) => {
    const observedGeneration = world.api.peek(nameOf(target))!.metadata.generation;
    const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
    const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'too slow' };
    const status = { observedGeneration, ...counts, conditions: isWell ? [] : [late] };
    await world.people.mergePatch(nameOf(target), { status });
    await world.settle();
  };
  for (const target of targets) {
    await runs(1, at(target));
    await said(target, true);
    await world.settle(minuteMs);
    await runs(2, at(target));
    await said(target, false);
  }
  await silence(10 * minuteMs);
  await world.settle(10 * minuteMs);
  const back = targets.filter((target) => JSON.stringify(world.api.peek(nameOf(target))).includes('"a:1"'));
  expect(back).toHaveLength(3);
});
