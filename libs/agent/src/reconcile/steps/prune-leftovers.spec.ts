import { beforeEach, describe, expect, it } from 'vitest';
import type { FaultCode, FaultDetails } from '@flotilla/foundation';
import { driftText, type GroupKind, type KubeObject, type ObjectKey } from '@flotilla/model';
import { parseYaml } from '@flotilla/workload-manifests';
import { appsNamespace, configMapKey, configMapText, manyConfigMaps, shipDefinition } from '../../testing/factories.ts';
import { TargetWorld } from '../../testing/target-world.ts';

let world: TargetWorld;
const claim = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: []}\n';

beforeEach(async () => {
  world = await TargetWorld.open();
});

const names = (...all: readonly string[]) => all.map((name) => configMapText(name));

it('what is gone is forgotten at once, what is held stays in the record', async () => {
  await world.run(names('keep', 'a', 'b'));
  await world.people.mergePatch(configMapKey('a'), { metadata: { finalizers: ['example.org/hold'] } });
  await world.run(names('keep'));
  const [record] = await world.ports.records.load(() => undefined);
  expect([record!.inventory.map(({ key }) => key.name), world.summary()]).toEqual([
    ['a', 'keep'],
    'OutOfSync Healthy PrunePending',
  ]);
});

it('AT-35 a refused delete does not stop its neighbours, and is tried again', async () => {
  await world.run(names('keep', 'a', 'b'));
  world.failing.fail({ on: 'delete ConfigMap apps/a', times: 2 });
  world.takeWrites();
  await world.run(names('keep'));
  const first = world.takeWrites();
  await world.settle(10_000);
  expect([first, world.takeWrites(), world.summary()]).toEqual([
    ['delete ConfigMap apps/b by flotilla'],
    ['delete ConfigMap apps/a by flotilla'],
    'Synced Healthy',
  ]);
});

it('a lost answer to a delete does no harm', async () => {
  await world.run(names('keep', 'a'));
  world.failing.fail({ on: 'delete ConfigMap apps/a', times: 1, afterEffect: true });
  await world.run(names('keep'));
  await world.settle(10_000);
  const [record] = await world.ports.records.load(() => undefined);
  expect([record!.inventory.map(({ key }) => key.name), world.summary()]).toEqual([['keep'], 'Synced Healthy']);
});

it('stops when a person says so in between', async () => {
  await world.run([...names('keep', 'a'), claim]);
  const remove = world.failing.cluster.delete.bind(world.failing.cluster);
  (world.ports.cluster as { delete: typeof remove }).delete = async (key, options) => {
    const deleted = await remove(key, options);
    await world.annotateRecord({ 'flotilla.dev/suspend': 'stop' });
    return deleted;
  };
  world.takeWrites();
  await world.run(names('keep'));
  await world.settle(600_000);
  expect([world.takeWrites().length, world.summary()]).toEqual([1, 'OutOfSync Healthy Suspended']);
});

describe('AT-35 refused deletes are remembered', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: []}\n';
  const refusal = (code: FaultCode, reason: string, message: string) => ({ code, reason, message });
  const rows: readonly (readonly [what: string, on: string, fault: FaultDetails])[] = [
    ['admission denies it', 'delete', refusal('forbidden', 'AdmissionDenied', 'admission webhook "a" denied it')],
    ['the webhook does not answer', 'delete', refusal('unavailable', 'WebhookFailed', 'failed calling webhook "a"')],
    ['403', 'delete', refusal('forbidden', 'Forbidden', 'User "flotilla" cannot delete resource "services"')],
    ['every delete answers 500', 'delete', refusal('internal', 'ApiServerFailed', 'an error on the server')],
    ['its definition went first', 'get', refusal('not-found', 'KindUnknown', 'the API server does not know it')],
    ['the namespace is going', 'delete', refusal('conflict', 'NamespaceTerminating', 'it is being terminated')],
  ];

  it.each(rows)('%s: it stays, is shown with the words of the server, and goes later', async (_, on, fault) => {
    await world.run([...names('keep'), service]);
    world.failing.fail({ on: `${on} Service`, fault });
    await world.run(names('keep'));
    await world.settle(3_600_000);
    await world.restart();
    const [record] = await world.ports.records.load(() => undefined);
    const during = [record!.inventory.map(({ key }) => key.name), world.status()!.sync, world.status()!.reason];
    const shown = world.status()!.resources.find(({ name }) => name === 'web')!.reason;
    world.failing.heal();
    await world.settle(180_000);
    expect([during, shown, world.summary()]).toEqual([
      [
        ['keep', 'web'],
        'OutOfSync',
        { code: 'PrunePending', message: `1 object is to go and still there: Service apps/web: ${fault.message}` },
      ],
      { code: 'PrunePending', message: fault.message },
      'Synced Healthy',
    ]);
  });

  it('is asked again more and more slowly, once in a minute or two in the end', async () => {
    await world.run([...names('keep'), service]);
    world.failing.fail({ on: 'delete Service', fault: refusal('forbidden', 'AdmissionDenied', 'no') });
    await world.run(names('keep'));
    const deletes = () => world.failing.calls.splice(0).filter(({ verb }) => verb === 'delete').length;
    await world.settle(60_000);
    const first = deletes();
    await world.settle(3_600_000);
    expect([first > 3, deletes() <= 60]).toEqual([true, true]);
  });

  it('a deletion that a person approved is not asked about again because one of it was refused', async () => {
    const volume = (name: string) => `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: ${name}}\n`;
    await world.run([...names('keep'), volume('one'), volume('two')]);
    const fault = refusal('forbidden', 'AdmissionDenied', 'not while it is in use');
    world.failing.fail({ on: 'delete PersistentVolumeClaim apps/one', fault });
    await world.run(names('keep'));
    const [, approval] = /approve-prune=(\w+)/.exec(world.status()!.reason!.message)!;
    await world.annotateRecord({ 'flotilla.dev/approve-prune': approval! });
    await world.settle(600_000);
    const during = world.status()!.reason?.code;
    world.failing.heal();
    await world.settle(180_000);
    expect([during, world.summary()]).toEqual(['PrunePending', 'Synced Healthy']);
  });
});

describe('AT-35 the definition of a kind went first', () => {
  const ship = 'apiVersion: example.org/v1\nkind: Ship\nmetadata: {name: one}\n';
  const shipKey = { group: 'example.org', kind: 'Ship', namespace: appsNamespace, name: 'one' };
  const definitionKey = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', name: 'ships.example.org' };
  const unknown = { code: 'not-found', reason: 'KindUnknown', message: 'the API server does not serve Ship' } as const;
  const inventory = () => world.reconciler.memory('target1')!.record.inventory.map(({ key }) => key.name);
  const remove = (key: ObjectKey) => world.people.delete(key, { uid: world.api.peek(key)!.metadata.uid! });

  beforeEach(async () => {
    await world.people.create(parseYaml(shipDefinition, { file: 'ships.yaml' }).documents[0]!.value as KubeObject);
    await world.api.refreshKinds();
    await world.run([...names('keep'), ship]);
  });

  /** The server does not say that it serves the kind. */
  function hide(hidden: string): void {
    const served = world.failing.cluster.kindOf.bind(world.failing.cluster);
    const kindOf = async (kind: GroupKind) => (kind.kind === hidden ? undefined : served(kind));
    Object.assign(world.ports.cluster, { kindOf });
  }

  async function loseDefinition(): Promise<void> {
    await remove(shipKey);
    await remove(definitionKey);
    world.failing.fail({ on: 'get Ship', fault: unknown });
  }

  it('and is missing for a while: its objects are gone with it, are dropped, and that is said', async () => {
    await loseDefinition();
    await world.run(names('keep'));
    await world.settle(5_000);
    const soon = [inventory(), world.summary()];
    await world.settle(120_000);
    expect([...soon, inventory(), world.summary(), driftText(world.status()!.drift!)]).toEqual([
      ['keep', 'one'],
      'OutOfSync Healthy PrunePending',
      ['keep'],
      'Synced Healthy',
      'Ship apps/one was deleted, and not by us',
    ]);
  });

  it('and a target that leaves does not wait for them for ever', async () => {
    await loseDefinition();
    await world.order({
      ...world.reconciler.memory('target1')!.entry!,
      generation: 2,
      intent: 'delete',
      deletedBy: 'ada',
    });
    await world.settle(120_000);
    expect(world.status()!.gone).toBe(true);
  });

  it.each([
    ['the server only does not say that it serves the kind', undefined],
    ['the server does not answer what it serves', { on: 'refreshKinds' }],
    ['nobody may look at definitions', { on: 'list CustomResourceDefinition' }],
  ])('is not concluded where %s', async (_what, trouble) => {
    if (trouble) {
      await remove(shipKey);
      await remove(definitionKey);
    }
    hide('Ship');
    world.failing.fail({ on: 'get Ship', fault: unknown }, ...(trouble ? [trouble] : []));
    await world.run(names('keep'));
    await world.settle(3_600_000);
    expect([inventory(), world.summary()]).toEqual([['keep', 'one'], 'OutOfSync Healthy PrunePending']);
  });

  it('is not concluded of a kind that needs no definition', async () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: []}\n';
    await world.run([...names('keep'), service]);
    hide('Service');
    world.failing.fail({ on: 'get Service', fault: unknown });
    await world.run(names('keep'));
    await world.settle(3_600_000);
    expect(inventory()).toContain('web');
  });
});

it('AT-06 every object of a list that waits for a person is shown, however long it is', async () => {
  await world.run([...names('keep'), ...manyConfigMaps(60)]);
  world.takeWrites();
  await world.run(names('keep'));
  const waiting = world.status()!.resources.filter(({ reason }) => reason?.code === 'ApprovalRequired');
  expect([world.takeWrites(), world.summary(), waiting.length]).toEqual([[], 'OutOfSync Healthy ApprovalRequired', 60]);
});

it('AT-06 what says that a person confirms its deletion waits for one, and takes the list with it', async () => {
  const asks = configMapText('asks', {}, { 'argocd.argoproj.io/sync-options': 'Prune=confirm' });
  await world.run([...names('keep', 'a'), asks]);
  world.takeWrites();
  await world.run(names('keep'));
  const during = [world.takeWrites(), world.status()!.reason!.code];
  const [, approval] = /approve-prune=(\w+)/.exec(world.status()!.reason!.message)!;
  await world.annotateRecord({ 'flotilla.dev/approve-prune': approval! });
  await world.settle(60_000);
  expect([during, world.takeWrites().length, world.summary()]).toEqual([[[], 'ApprovalRequired'], 2, 'Synced Healthy']);
});
