import { beforeEach, describe, expect, it } from 'vitest';
import type { DesiredEntry } from '@flotilla/model';
import { ownedFields } from '@flotilla/workload-manifests';
import { configMapKey, configMapText } from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

let world: TargetWorld;
const many = (count: number) => Array.from({ length: count }, (_, index) => configMapText(`c${index}`));
const claim =
  'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce]}\n';
const claimKey = { ...configMapKey('data'), kind: 'PersistentVolumeClaim' };

beforeEach(async () => {
  world = await TargetWorld.open();
});

const deletedBy = 'user:ann';

async function leave(over: Partial<DesiredEntry>, ...texts: readonly string[]): Promise<DesiredEntry> {
  const entry = await world.run(texts);
  world.takeWrites();
  return world.order({ ...entry, ...over });
}

/** Does what the status says a person has to do. */
async function approve(): Promise<void> {
  const [, approval] = /approve-prune=(\w+)/.exec(world.status()!.reason!.message)!;
  await world.annotateRecord({ 'flotilla.dev/approve-prune': approval! });
}

describe('orphan', () => {
  it('leaves every object in place without our marks, forgets the target, and says so', async () => {
    await leave({ intent: 'orphan' }, configMapText('one'));
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

it('a target that is wanted again while it leaves is never called gone, and runs', async () => {
  const entry = await world.run([configMapText('one')]);
  const { records } = world.ports;
  const remove = records.delete.bind(records);
  const again = { ...entry, generation: entry.generation + 2 };
  records.delete = async (target) => {
    await remove(target);
    world.reconciler.order(target, again);
  };
  world.told.length = 0;
  await world.order({ ...entry, generation: entry.generation + 1, intent: 'delete', deletedBy });
  const told = world.told.filter(({ generation }) => generation === again.generation);
  expect([told.map(({ gone = false }) => gone), world.summary(), world.data('one')]).toEqual([
    told.map(() => false),
    'Synced Healthy',
    { a: '1' },
  ]);
});

describe('delete', () => {
  it('deletes what is ours, however much it is, when a person deleted the application', async () => {
    await leave({ intent: 'delete', deletedBy }, ...many(30));
    expect([world.takeWrites().length, world.record(), world.status()!.gone]).toEqual([30, undefined, true]);
  });

  it('AT-06 kinds that take more with them wait for a person', async () => {
    await leave({ intent: 'delete', deletedBy }, configMapText('one'), claim);
    const before = [world.data('one'), world.api.peek(claimKey) !== undefined, world.status()!.reason!.code];
    await approve();
    expect([before, world.api.peek(claimKey), world.status()!.gone]).toEqual([
      [undefined, true, 'ApprovalRequired'],
      undefined,
      true,
    ]);
  });

  it.each([
    ['21 objects', many(21)],
    ['five, which are all there are', many(5)],
    ['one that takes more with it', [configMapText('one'), claim]],
  ])('AT-06 that no person asked for waits with all of it: %s', async (_what, texts) => {
    await leave({ intent: 'delete' }, ...texts);
    const before = [world.takeWrites(), world.status()!.reason!.code, world.status()!.gone];
    await approve();
    expect([before, world.status()!.gone, world.record()]).toEqual([
      [[], 'ApprovalRequired', undefined],
      true,
      undefined,
    ]);
  });

  it('AT-06 a few objects that no person asked for are deleted', async () => {
    await leave({ intent: 'delete' }, ...many(4));
    expect(world.status()!.gone).toBe(true);
  });

  it('AT-06 an approval is of exactly that list, and of all of it while it goes', async () => {
    const held = ['c1', 'c2', 'c3', 'c4', 'c5'];
    const hold = (finalizers: readonly string[] | null) =>
      Promise.all(held.map((name) => world.people.mergePatch(configMapKey(name), { metadata: { finalizers } })));
    await leave({ intent: 'delete' }, ...many(6));
    await hold(['example.org/hold']);
    world.takeWrites();
    await world.annotateRecord({ 'flotilla.dev/approve-prune': '0'.repeat(16) });
    const refused = world.takeWrites();
    await approve();
    await world.settle(60_000);
    const during = [world.data('c0'), world.status()!.reason?.code];
    await hold(null);
    await world.settle(60_000);
    expect([refused, during, world.status()!.gone]).toEqual([[], [undefined, 'PrunePending'], true]);
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
      [
        undefined,
        { code: 'PrunePending', message: '1 object is to go and still there: ConfigMap apps/one: the policy says no' },
      ],
      true,
    ]);
  });
});

describe('a kind that the agent may not list keeps no target here', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {clusterIP: None}\n';

  it.each(['orphan', 'delete'] as const)('%s, when what is to come names it', async (intent) => {
    await world.run([configMapText('one')]);
    world.failing.refuseLists('Service');
    const entry = await world.run([configMapText('one'), service]);
    await world.settle(5_000);
    const before = world.summary();
    await world.order({ ...entry, intent });
    await world.settle(5_000);
    expect([before, world.status()!.gone, world.data('one')]).toEqual([
      'Unknown Unknown Forbidden',
      true,
      intent === 'orphan' ? { a: '1' } : undefined,
    ]);
  });

  it.each(['orphan', 'delete'] as const)('%s, when it may be listed no more', async (intent) => {
    const entry = await world.run([configMapText('one'), service]);
    world.failing.refuseLists('Service');
    await world.restart({ ...entry, intent });
    await world.settle(5_000);
    expect([world.status()!.gone, world.api.peek({ ...configMapKey('s'), kind: 'Service' }) !== undefined]).toEqual([
      true,
      intent === 'orphan',
    ]);
  });
});

it('a target that left can come back', async () => {
  const entry = await world.run([configMapText('one')]);
  await world.order({ ...entry, intent: 'delete' });
  await world.order(entry);
  expect([world.data('one'), world.summary()]).toEqual([{ a: '1' }, 'Synced Healthy']);
});

describe('whoever the application acts as lost his rights with its namespace', () => {
  const forbidden = { code: 'forbidden', reason: 'Forbidden', message: 'no' } as const;

  it.each(['delete', 'orphan'] as const)(
    'what leaves by %s is gone when nothing of ours stands there',
    async (intent) => {
      const entry = await world.run([configMapText('one')]);
      const { uid } = world.api.peek(configMapKey('one'))!.metadata;
      await world.people.delete(configMapKey('one'), { uid: uid! });
      world.failing.fail({ on: 'get ConfigMap', fault: forbidden });
      await world.order({ ...entry, generation: 9, intent, deletedBy: 'anna' });
      await world.settle(120_000);
      expect(world.status()!.gone).toBe(true);
    },
  );

  it('what stands there is neither forgotten nor said to be gone', async () => {
    const entry = await world.run([configMapText('one')]);
    world.failing.fail({ on: 'get ConfigMap', fault: forbidden });
    await world.order({ ...entry, generation: 9, intent: 'delete', deletedBy: 'anna' });
    await world.settle(120_000);
    expect([world.status()!.gone, world.data('one') !== undefined]).toEqual([undefined, true]);
  });
});
