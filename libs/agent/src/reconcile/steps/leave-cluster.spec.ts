import { beforeEach, describe, expect, it } from 'vitest';
import { ownedFields } from '@flotilla/workload-manifests';
import { configMapKey, configMapText } from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

let world: TargetWorld;
const claim =
  'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce]}\n';
const claimKey = { ...configMapKey('data'), kind: 'PersistentVolumeClaim' };

beforeEach(async () => {
  world = await TargetWorld.open();
});

async function leave(intent: 'orphan' | 'delete', ...texts: readonly string[]): Promise<void> {
  const entry = await world.run(texts);
  world.takeWrites();
  await world.order({ ...entry, intent });
}

describe('orphan', () => {
  it('leaves every object in place without our marks, forgets the target, and says so', async () => {
    await leave('orphan', configMapText('one'));
    const left = world.api.peek(configMapKey('one'))!;
    expect([
      world.data('one'),
      left.metadata.labels ?? {},
      ownedFields(left, 'flotilla'),
      world.record(),
      world.status()!.gone,
    ]).toEqual([{ a: '1' }, {}, undefined, undefined, true]);
  });

  it('waits for what a person suspended', async () => {
    const entry = await world.run([configMapText('one')]);
    await world.people.mergePatch(configMapKey('one'), {
      metadata: { annotations: { 'flotilla.dev/suspend': 'mine' } },
    });
    await world.settle();
    await world.order({ ...entry, intent: 'orphan' });
    const during = [world.status()!.gone, world.summary()];
    await world.people.mergePatch(configMapKey('one'), { metadata: { annotations: null } });
    await world.settle(60_000);
    expect([during, world.status()!.gone]).toEqual([[undefined, 'Unknown Unknown PrunePending'], true]);
  });
});

describe('delete', () => {
  it('deletes what is ours, however much it is, and forgets the target', async () => {
    await leave('delete', ...Array.from({ length: 30 }, (_, index) => configMapText(`c${index}`)));
    expect([world.takeWrites().length, world.record(), world.status()!.gone]).toEqual([30, undefined, true]);
  });

  it('AT-06 kinds that take more with them wait for a person', async () => {
    await leave('delete', configMapText('one'), claim);
    const reason = world.status()!.reason!;
    const before = [world.data('one'), world.api.peek(claimKey) !== undefined, reason.code];
    const [, approval] = /approve-prune=(\w+)/.exec(reason.message)!;
    await world.annotateRecord({ 'flotilla.dev/approve-prune': approval! });
    expect([before, world.api.peek(claimKey), world.status()!.gone]).toEqual([
      [undefined, true, 'ApprovalRequired'],
      undefined,
      true,
    ]);
  });

  it('AT-35 what a finalizer holds is remembered and shown until it is gone', async () => {
    const entry = await world.run([configMapText('one'), configMapText('two')]);
    await world.people.mergePatch(configMapKey('one'), { metadata: { finalizers: ['example.org/hold'] } });
    await world.order({ ...entry, intent: 'delete' });
    await world.restart();
    await world.settle(600_000);
    const during = [world.status()!.gone, world.status()!.reason?.code];
    await world.people.mergePatch(configMapKey('one'), { metadata: { finalizers: null } });
    await world.settle(60_000);
    expect([during, world.status()!.gone]).toEqual([[undefined, 'PrunePending'], true]);
  });

  it('AT-35 what the API server refuses to delete stays in the record, with its reason', async () => {
    const entry = await world.run([configMapText('one')]);
    const denied = {
      code: 'forbidden',
      reason: 'AdmissionDenied',
      message: 'the policy says no',
      consequence: { kind: 'stall', until: 'x' },
    } as const;
    world.failing.fail({ on: 'delete ConfigMap', fault: denied });
    await world.order({ ...entry, intent: 'delete' });
    await world.settle(600_000);
    const during = [world.status()!.gone, world.status()!.reason];
    world.failing.heal();
    await world.settle(120_000);
    expect([during, world.status()!.gone]).toEqual([
      [undefined, { code: 'AdmissionDenied', message: 'the policy says no' }],
      true,
    ]);
  });
});

it('a target that left can come back', async () => {
  const entry = await world.run([configMapText('one')]);
  await world.order({ ...entry, intent: 'delete' });
  await world.order(entry);
  expect([world.data('one'), world.summary()]).toEqual([{ a: '1' }, 'Synced Healthy']);
});
