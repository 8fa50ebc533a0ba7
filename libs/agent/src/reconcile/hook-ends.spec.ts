import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry, KubeObject } from '@flotilla/model';
import { appsNamespace, configMapText } from '../testing/factories.ts';
import { argo, endJob, helm, job, jobKey, writtenBriefly } from '../testing/jobs.ts';
import { TargetWorld } from '../testing/target-world.ts';

let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

const ends = (name: string, type: 'Complete' | 'Failed') => endJob(world, name, type);
const done = () => writtenBriefly(world);
const again = (entry: DesiredEntry, syncRequest = 'anna') => world.order({ ...entry, generation: 9, syncRequest });

describe('a hook that fails', () => {
  it('stops the sync, keeps what runs, runs the hooks for that, and says the reason of its container', async () => {
    const before = await world.run([configMapText('one'), configMapText('two')]);
    done();
    const texts = [
      configMapText('one', { a: '2' }),
      configMapText('two'),
      job('before', argo('PreSync')),
      job('alarm', argo('SyncFail')),
    ];
    await world.run(texts);
    await world.people.create(failedPod('before', world.api.peek(jobKey('before'))!));
    await ends('before', 'Failed');
    const failed = [done(), world.summary()];
    await ends('alarm', 'Complete');
    const { message } = world.status()!.reason!;
    await world.people.mergePatch(
      { group: '', kind: 'ConfigMap', namespace: appsNamespace, name: 'two' },
      { data: { a: 'by hand' } },
    );
    await world.settle(3_600_000);
    expect([failed, message, done(), world.data('one'), world.status()!.release, world.summary()]).toEqual([
      [['apply before', 'apply alarm'], 'OutOfSync Progressing Waiting'],
      expect.stringMatching(
        /^PreSync hook Job apps\/before failed: .*container migrate: .*no such table.*; nothing after it was applied; it is run again by/,
      ),
      ['apply two'],
      { a: '1' },
      before.release,
      'OutOfSync Degraded HookFailed',
    ]);
  });

  it('after the sync leaves what was applied, which is Degraded all the same', async () => {
    await world.run([configMapText('one'), job('after', argo('PostSync'))]);
    await ends('after', 'Failed');
    await world.people.mergePatch(
      { group: '', kind: 'ConfigMap', namespace: appsNamespace, name: 'one' },
      { data: { a: '2' } },
    );
    await world.settle();
    expect([world.summary(), world.data('one')]).toEqual(['Synced Degraded HookFailed', { a: '1' }]);
  });

  it('is tried again when a person asks, and the sync goes on', async () => {
    const entry = await world.run([configMapText('one'), job('before', argo('PreSync'))]);
    await ends('before', 'Failed');
    done();
    await again(entry);
    await ends('before', 'Complete');
    expect([done(), world.summary()]).toEqual([['delete before', 'apply before', 'apply one'], 'Synced Healthy']);
  });

  it('because it does not end in time has its own time, or that of the target', async () => {
    const own = { ...argo('PreSync'), 'flotilla.dev/hook-deadline': '2m' };
    await world.run([configMapText('one'), job('before', own)]);
    await world.settle(119_000);
    const early = world.summary();
    await world.settle(2_000);
    expect([early, world.summary(), world.status()!.reason!.message, done()]).toEqual([
      'OutOfSync Missing Waiting',
      'OutOfSync Degraded HookFailed',
      expect.stringContaining('it has not ended in time'),
      ['apply before'],
    ]);
  });

  it('because somebody deleted it is not run twice', async () => {
    await world.run([configMapText('one'), job('before', argo('PreSync'))]);
    done();
    await world.people.delete(jobKey('before'), { uid: world.api.peek(jobKey('before'))!.metadata.uid! });
    await world.settle(60_000);
    expect([done(), world.summary()]).toEqual([[], 'OutOfSync Degraded HookFailed']);
  });

  it('because it cannot be begun is given up at its deadline, with the reason', async () => {
    const fault = {
      code: 'invalid',
      reason: 'ObjectInvalid',
      message: 'no such field',
      consequence: { kind: 'stall', until: 'mended' },
    } as const;
    world.failing.fail({ on: 'apply Job apps/before', fault });
    await world.run([configMapText('one'), job('before', argo('PreSync'))]);
    await world.settle(61_000);
    const first = world.summary();
    await world.settle(1_000_000);
    expect([first, world.status()!.reason!.message, done()]).toEqual([
      'OutOfSync Missing ObjectInvalid',
      expect.stringContaining('failed: no such field; nothing after it was applied'),
      [],
    ]);
  });
});

describe('hooks after a deletion', () => {
  const texts = [configMapText('one'), job('cleanup', helm('post-delete'))];
  const leave = { generation: 2, intent: 'delete' } as const;

  it('run when all else is gone, and go themselves', async () => {
    const entry = await world.run(texts);
    const before = done();
    world.gitHost.gone = true;
    await world.order({ ...entry, ...leave });
    await world.settle(2_000);
    const during = [done(), world.status()!.gone, world.status()!.reason?.code];
    await ends('cleanup', 'Complete');
    await world.settle(20_000);
    expect([before, during, done(), world.status()!.gone, world.record()]).toEqual([
      ['apply one'],
      [['delete one', 'apply cleanup'], undefined, 'Waiting'],
      ['delete cleanup'],
      true,
      undefined,
    ]);
  });

  it('that fail, or do not end, keep nobody, are said, and stay to be looked at', async () => {
    const entry = await world.run(texts);
    await world.order({ ...entry, ...leave });
    await world.settle(1_000_000);
    const { gone, reason } = world.status()!;
    expect([gone, reason, world.record(), world.api.peek(jobKey('cleanup'))!.metadata.labels]).toEqual([
      true,
      { code: 'HookFailed', message: 'PostDelete hook Job apps/cleanup failed: it has not ended in time' },
      undefined,
      {},
    ]);
  });

  it('do not run when the objects stay', async () => {
    const entry = await world.run(texts);
    done();
    await world.order({ ...entry, ...leave, intent: 'orphan' });
    expect([done(), world.status()!.gone]).toEqual([['patch one'], true]);
  });

  it('run again where the target came back and leaves once more', async () => {
    const entry = await world.run(texts);
    await world.order({ ...entry, ...leave });
    await world.settle(2_000);
    await world.order({ ...entry, generation: 3 });
    done();
    await world.order({ ...entry, ...leave, generation: 4 });
    await world.settle(20_000);
    expect(done()).toEqual(['delete cleanup', 'delete one', 'apply cleanup']);
  });
});

describe('hooks before a deletion', () => {
  const texts = [configMapText('one'), job('drain', helm('pre-delete')), job('cleanup', argo('PostDelete'))];
  const leave = { generation: 2, intent: 'delete' } as const;
  const reason = () => world.status()!.reason;
  const passed = async () => {
    const [, failure] = /flotilla\.dev\/pass-hook=(\w+)/.exec(reason()!.message)!;
    await world.annotateRecord({ 'flotilla.dev/pass-hook': failure! });
  };

  it('run before anything of it goes, and go with it; those after that come last', async () => {
    const entry = await world.run(texts);
    const before = done();
    world.gitHost.gone = true;
    await world.order({ ...entry, ...leave });
    const waiting = [done(), world.status()!.gone, reason()];
    await ends('drain', 'Complete');
    await world.settle(2_000);
    const deleting = done();
    await ends('cleanup', 'Complete');
    await world.settle(20_000);
    expect([before, waiting, deleting, done(), world.status()!.gone, world.record()]).toEqual([
      ['apply one'],
      [
        ['apply drain'],
        undefined,
        {
          code: 'Waiting',
          message: expect.stringMatching(/^PreDelete waits for Job apps\/drain: .* \(since .*, until /),
        },
      ],
      ['delete drain', 'delete one', 'apply cleanup'],
      ['delete cleanup'],
      true,
      undefined,
    ]);
  });

  it('run one after another by their weights, and each goes as its policy says', async () => {
    const policy = { 'helm.sh/hook-delete-policy': 'hook-succeeded' };
    const hooks = [job('second', helm('pre-delete', '5')), job('first', { ...helm('pre-delete', '-5'), ...policy })];
    const entry = await world.run([configMapText('one'), ...hooks]);
    done();
    await world.order({ ...entry, ...leave });
    const seen = [done()];
    await ends('first', 'Complete');
    seen.push(done());
    await ends('second', 'Complete');
    await world.settle(2_000);
    expect([...seen, done(), world.status()!.gone]).toEqual([
      ['apply first'],
      ['apply second'],
      ['delete first', 'delete second', 'delete one'],
      true,
    ]);
  });

  it('do not run when the objects stay, nor in a sync', async () => {
    const entry = await world.run(texts);
    await again(entry);
    done();
    await world.order({ ...entry, ...leave, intent: 'orphan' });
    expect([done(), world.status()!.gone]).toEqual([['patch one'], true]);
  });

  it('that fail hold the deletion with the reason, until a person asks once more', async () => {
    const entry = await world.run(texts);
    done();
    await world.order({ ...entry, ...leave });
    await ends('drain', 'Failed');
    await world.settle(3_600_000);
    const held = [done(), world.summary(), reason()!.message];
    await world.order({ ...entry, ...leave, generation: 3, syncRequest: 'anna' });
    await ends('drain', 'Complete');
    await world.settle(2_000);
    expect([...held, done()]).toEqual([
      ['apply drain'],
      'Unknown Degraded HookFailed',
      expect.stringMatching(
        /^PreDelete hook Job apps\/drain failed: it failed too often; nothing is deleted; it is run again/,
      ),
      ['delete drain', 'apply drain', 'delete drain', 'delete one', 'apply cleanup'],
    ]);
  });

  it('that do not end in time hold it as well, and are passed over when a person says so, for good', async () => {
    const entry = await world.run(texts);
    await world.order({ ...entry, ...leave });
    await world.settle(1_000_000);
    const held = [done(), reason()!.message];
    world.failing.fail({ on: 'delete ConfigMap apps/one', times: 3 });
    await passed();
    await world.restart();
    await world.settle(60_000);
    expect([...held, done()]).toEqual([
      ['apply one', 'apply drain'],
      expect.stringContaining('it has not ended in time'),
      ['delete drain', 'delete one', 'apply cleanup'],
    ]);
  });

  it('do not begin before a person approved what waits for him, and do not make it another list', async () => {
    const many = Array.from({ length: 21 }, (_, index) => configMapText(`c${index}`));
    const entry = await world.run([...many, job('drain', argo('PreDelete'))]);
    done();
    await world.order({ ...entry, ...leave });
    await world.settle(60_000);
    const asked = [done(), reason()!.code];
    const [, digest] = /approve-prune=(\w+)/.exec(reason()!.message)!;
    await world.annotateRecord({ 'flotilla.dev/approve-prune': digest! });
    await world.restart();
    const begun = done();
    await ends('drain', 'Complete');
    await world.restart();
    await world.settle(2_000);
    expect([asked, begun, done().length, world.status()!.gone]).toEqual([
      [[], 'ApprovalRequired'],
      ['apply drain'],
      22,
      true,
    ]);
  });

  it('run again where the target was wanted again before they were through, and leaves once more', async () => {
    const entry = await world.run(texts);
    await world.order({ ...entry, ...leave });
    await ends('drain', 'Failed');
    await world.order({ ...entry, generation: 3 });
    const back = [world.summary(), world.data('one')];
    done();
    await world.order({ ...entry, ...leave, generation: 4 });
    await ends('drain', 'Complete');
    await world.settle(2_000);
    expect([back, done()]).toEqual([
      ['Synced Healthy', { a: '1' }],
      ['delete drain', 'apply drain', 'delete drain', 'delete one', 'apply cleanup'],
    ]);
  });

  it('are written down by an agent that finds a record of before', async () => {
    await world.run(texts);
    const memory = world.reconciler.memory('target1')!;
    const { beforeDelete: _, ...older } = memory.record;
    await world.ports.records.save(older);
    await world.restart();
    expect(world.reconciler.memory('target1')!.record.beforeDelete?.hooks.map(({ key }) => key.name)).toEqual([
      'drain',
    ]);
  });
});

function failedPod(name: string, { metadata: { uid } }: KubeObject): KubeObject {
  const terminated = { exitCode: 3, reason: 'Error', message: 'no such table' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: appsNamespace, ownerReferences: [{ uid }] },
    status: { phase: 'Failed', containerStatuses: [{ name: 'migrate', state: { terminated } }] },
  } as unknown as KubeObject;
}
