import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry, ObjectKey } from '@flotilla/model';
import { appsNamespace, configMapText, defaultSync, deploymentText } from '../testing/factories.ts';
import { argo, endJob, helm, job, jobKey, writtenBriefly } from '../testing/jobs.ts';
import { TargetWorld } from '../testing/target-world.ts';

const deploymentKey: ObjectKey = { group: 'apps', kind: 'Deployment', namespace: appsNamespace, name: 'web' };
const wave = (number: string) => ({ 'argocd.argoproj.io/sync-wave': number });

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

const ends = (name: string, type: 'Complete' | 'Failed') => endJob(world, name, type);
const done = () => writtenBriefly(world);
const again = (entry: DesiredEntry, syncRequest = 'anna') => world.order({ ...entry, generation: 9, syncRequest });

/** Two releases came with their hook, one after the other; what the first one was. */
async function twoReleases(): Promise<DesiredEntry> {
  const hook = job('before', argo('PreSync'));
  const first = await world.run([hook, configMapText('one')]);
  await ends('before', 'Complete');
  await world.run([hook, configMapText('one', { a: '2' })]);
  await ends('before', 'Complete');
  done();
  return first;
}

async function workloadRuns(): Promise<void> {
  const status = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  await world.people.mergePatch(deploymentKey, { status });
  await world.settle();
}

describe('a request of a person with nothing to apply', () => {
  const isOpen = () => world.reconciler.memory('target1')!.isAsked;

  it('is closed once its hooks have run, and stays so', async () => {
    const entry = await world.run([job('before', argo('PreSync'))]);
    await ends('before', 'Complete');
    await again(entry);
    const asked = isOpen();
    await ends('before', 'Complete');
    const answered = isOpen();
    done();
    await world.restart();
    await world.settle(60_000);
    expect([asked, answered, isOpen(), done()]).toEqual([true, false, false, []]);
  });

  it('is closed at once where all of it is suspended', async () => {
    const entry = await world.run([configMapText('one')]);
    const annotations = { 'flotilla.dev/suspend': 'looking' };
    await world.people.mergePatch(
      { group: '', kind: 'ConfigMap', namespace: appsNamespace, name: 'one' },
      { metadata: { annotations } },
    );
    await again(entry);
    expect([isOpen(), world.record() !== undefined]).toEqual([false, true]);
  });
});

it("the name of a hook stays its target's while its object is gone, and is free once the target is", async () => {
  const hook = job('before', argo('PreSync', 'HookSucceeded'));
  const entry = await world.run([hook, configMapText('one')]);
  await ends('before', 'Complete');
  await world.settle(5_000);
  const second = { target: 'target2', application: 'cart' };
  await world.run([hook, configMapText('two')], second);
  const refused = world.summary('target2');
  await world.order({ ...entry, intent: 'delete', deletedBy: 'anna' });
  await world.settle(120_000);
  await ends('before', 'Complete');
  expect([refused, world.status()!.gone, world.summary('target2')]).toEqual([
    'Unknown Missing Conflict',
    true,
    'Synced Healthy',
  ]);
});

describe('the hooks of a sync', () => {
  it('run before, with and after it, each phase when the one before it is through and well', async () => {
    await world.run([
      job('before', argo('PreSync')),
      job('with', argo('Sync')),
      job('after', argo('PostSync')),
      configMapText('one'),
      deploymentText('app:1', 1),
    ]);
    const seen = [[done(), world.summary()]];
    await ends('before', 'Complete');
    seen.push([done(), world.summary()]);
    await ends('with', 'Complete');
    seen.push([done(), world.summary()]);
    await workloadRuns();
    seen.push([done(), world.summary()]);
    await ends('after', 'Complete');
    expect([...seen, [done(), world.summary()]]).toEqual([
      [['apply before'], 'OutOfSync Missing Waiting'],
      [['apply one', 'apply Deployment apps/web', 'apply with'], 'OutOfSync Progressing Waiting'],
      [[], 'Synced Progressing Waiting'],
      [['apply after'], 'Synced Progressing Waiting'],
      [[], 'Synced Healthy'],
    ]);
  });

  it('run one after another by their weights and waves', async () => {
    await world.run([
      job('second', helm('pre-install,pre-upgrade', '5')),
      job('first', helm('pre-install,pre-upgrade', '-5')),
      configMapText('one'),
    ]);
    const seen = [done()];
    await ends('first', 'Complete');
    seen.push(done());
    await ends('second', 'Complete');
    expect([...seen, done()]).toEqual([['apply first'], ['apply second'], ['apply one']]);
  });

  it('of Helm are told apart: some for the first time, others for every time after it', async () => {
    const hooks = [job('install', helm('post-install')), job('upgrade', helm('pre-upgrade'))];
    await world.run([...hooks, configMapText('one')]);
    await ends('install', 'Complete');
    const first = done();
    await world.run([...hooks, configMapText('one', { a: '2' })]);
    await ends('upgrade', 'Complete');
    expect([first, done(), world.summary()]).toEqual([
      ['apply one', 'apply install'],
      ['apply upgrade', 'apply one'],
      'Synced Healthy',
    ]);
  });

  it('for the first time are not run on what is taken over from another tool: it ran before', async () => {
    const hooks = [job('install', helm('pre-install')), job('upgrade', helm('pre-upgrade'))];
    await world.run([...hooks, configMapText('one')], { sync: { ...defaultSync, takeOverFrom: ['helm'] } });
    await ends('upgrade', 'Complete');
    expect(done()).toEqual(['apply upgrade', 'apply one']);
  });

  it('run once for a release, however often its entry moves and the process ends', async () => {
    const entry = await world.run([job('before', argo('PreSync')), configMapText('one')]);
    await ends('before', 'Complete');
    done();
    await world.order({ ...entry, generation: 2, sync: { ...entry.sync, drift: 'report' } });
    await world.restart();
    await world.settle(3_600_000);
    expect([done(), world.summary()]).toEqual([[], 'Synced Healthy']);
  });

  it('run once more when a person asks for a sync, and when a new release comes', async () => {
    const hook = job('before', argo('PreSync'));
    const entry = await world.run([hook, configMapText('one')]);
    await ends('before', 'Complete');
    done();
    await again(entry);
    await ends('before', 'Complete');
    const asked = done();
    await world.run([hook, configMapText('one', { a: '2' })]);
    await ends('before', 'Complete');
    expect([asked, done()]).toEqual([
      ['delete before', 'apply before'],
      ['delete before', 'apply before', 'apply one'],
    ]);
  });

  it('are neither drift nor leftovers, and go when Git holds them no more', async () => {
    const entry = await world.run([job('before', argo('PreSync')), configMapText('one')]);
    await ends('before', 'Complete');
    await world.people.mergePatch(jobKey('before'), { spec: { suspend: false } });
    done();
    await world.settle(3_600_000);
    const untouched = [done(), world.summary()];
    await world.run([configMapText('one')], { generation: 2, release: `${entry.release}b` });
    expect([untouched, done(), world.summary()]).toEqual([[[], 'Synced Healthy'], ['delete before'], 'Synced Healthy']);
  });

  it('are run by no pin: it is a way back', async () => {
    const good = await twoReleases();
    await world.annotateRecord({ 'flotilla.dev/pin': good.sourceDigest });
    const pinned = [done(), world.data('one')];
    await world.annotateRecord({ 'flotilla.dev/pin': null });
    expect([pinned, done(), world.data('one')]).toEqual([[['apply one'], { a: '1' }], ['apply one'], { a: '2' }]);
  });

  it('are run by an order to go back only if it says so', async () => {
    const good = await twoReleases();
    const pin = { by: 'user:ann', reason: 'incident 42', since: '2026-01-01T00:00:00.000Z' };
    await world.order({ ...good, generation: 9, pin });
    const without = done();
    await world.order({ ...good, release: 'again', generation: 10, pin: { ...pin, runHooks: true } });
    expect([without, done()]).toEqual([['apply one'], ['delete before', 'apply before']]);
  });

  it('that stand alone make no target that may delete everything', async () => {
    await world.run([configMapText('one'), job('before', argo('PreSync'))]);
    await ends('before', 'Complete');
    done();
    await world.run([job('before', argo('PreSync'))]);
    await ends('before', 'Complete');
    expect([done(), world.status()!.reason?.code]).toEqual([['delete before', 'apply before'], 'EmptySource']);
  });
});

describe('the objects of hooks', () => {
  const rows = [
    { policy: undefined, good: [], bad: [] },
    { policy: 'HookSucceeded', good: ['delete before'], bad: [] },
    { policy: 'HookFailed', good: [], bad: ['delete before'] },
    { policy: 'BeforeHookCreation,HookSucceeded,HookFailed', good: ['delete before'], bad: ['delete before'] },
  ];
  it.each(rows)('go as their policy says: $policy', async ({ policy, good, bad }) => {
    const texts = [job('before', argo('PreSync', policy)), configMapText('one')];
    await world.run(texts);
    done();
    await ends('before', 'Complete');
    const ended = done();
    world = await TargetWorld.open();
    await world.run(texts);
    done();
    await ends('before', 'Failed');
    expect([ended, done()]).toEqual([[...good, 'apply one'], bad]);
  });

  it('stay until their phase is through: another hook may need them', async () => {
    const policy = { 'helm.sh/hook-delete-policy': 'hook-succeeded' };
    await world.run([
      configMapText('needed', {}, { ...helm('pre-install', '-1'), ...policy }),
      job('before', helm('pre-install')),
      configMapText('one'),
    ]);
    const begun = done();
    await ends('before', 'Complete');
    expect([begun, done()]).toEqual([
      ['apply needed', 'apply before'],
      ['delete needed', 'apply one'],
    ]);
  });

  it('that somebody else made are left alone, and the sync waits for a person', async () => {
    await world.people.create({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'before', namespace: appsNamespace },
    });
    await world.run([job('before', argo('PreSync')), configMapText('one')]);
    expect([done(), world.status()!.reason]).toEqual([
      [],
      { code: 'Conflict', message: expect.stringMatching(/^hook Job apps\/before: it exists already and is not ours/) },
    ]);
  });

  it('of an earlier run stand in the way where their policy keeps them', async () => {
    const entry = await world.run([job('before', argo('PreSync', 'HookSucceeded')), configMapText('one')]);
    await ends('before', 'Failed');
    done();
    await again(entry);
    expect([done(), world.status()!.reason!.code]).toEqual([[], 'HookStands']);
  });
});

describe('while a hook runs', () => {
  it('the target says which, since when and until when', async () => {
    await world.run([configMapText('one'), job('before', { ...argo('PreSync'), 'flotilla.dev/hook-deadline': '2m' })]);
    const [since, until] = [0, 120_000].map((ms) =>
      new Date(Date.parse('2026-01-01T00:00:00.000Z') + ms).toISOString(),
    );
    expect(world.status()!.reason).toEqual({
      code: 'Waiting',
      message: `wave 0 waits for Job apps/before: Progressing, the job has not finished yet (since ${since}, until ${until})`,
    });
  });

  it('a person can stop the target, and what ended meanwhile is seen when he lifts it', async () => {
    await world.run([configMapText('one'), job('before', argo('PreSync'))]);
    await world.annotateRecord({ 'flotilla.dev/suspend': 'looking' });
    await ends('before', 'Complete');
    await world.settle(3_600_000);
    done();
    const suspended = world.summary();
    await world.annotateRecord({ 'flotilla.dev/suspend': null });
    expect([suspended, done(), world.summary()]).toEqual([
      'OutOfSync Missing Suspended',
      ['apply one'],
      'Synced Healthy',
    ]);
  });

  it('a newer order does not wait for it', async () => {
    await world.run([configMapText('one'), job('before', argo('PreSync'))]);
    done();
    await world.run([configMapText('one', { a: '2' }), job('before', { ...argo('PreSync'), ...wave('1') })]);
    await ends('before', 'Complete');
    expect([done(), world.data('one')]).toEqual([['delete before', 'apply before', 'apply one'], { a: '2' }]);
  });

  it('the wave before it is waited for, and one that is late calls the hooks for that', async () => {
    await world.run([
      deploymentText('app:1', 1),
      job('later', { ...argo('Sync'), ...wave('1') }),
      job('alarm', argo('SyncFail')),
    ]);
    await world.settle(901_000);
    await ends('alarm', 'Complete');
    const late = [done(), world.summary()];
    await workloadRuns();
    await ends('later', 'Complete');
    expect([late, done(), world.summary()]).toEqual([
      [['apply Deployment apps/web', 'apply alarm'], 'OutOfSync Degraded DeadlineExceeded'],
      ['apply later'],
      'Synced Healthy',
    ]);
  });
});

it('nothing of a sync is begun, hooks neither, before the one object that is new was tried', async () => {
  const refused = {
    code: 'invalid',
    reason: 'ObjectInvalid',
    message: 'no',
    consequence: { kind: 'stall', until: '' },
  };
  world.failing.fail({ on: 'dryRun ConfigMap apps/one', fault: refused as never });
  await world.run([job('migrate', argo('PreSync')), configMapText('one')]);
  expect([done(), world.status()!.reason!.code]).toEqual([[], 'ObjectInvalid']);
});
