import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { apiServers, type OpenApiServer } from '../../support/api-servers.ts';
import { configMap, configMaps, EngineWorld, filesOf } from '../../support/engine/engine-world.ts';

const widgets = { group: 'example.org', kind: 'Widget' };

const definition = (plural: string, kind: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${plural}.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {plural: ${plural}, singular: ${kind.toLowerCase()}, kind: ${kind}}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;
const custom = (kind: string, name: string) => `apiVersion: example.org/v1\nkind: ${kind}\nmetadata: {name: ${name}}\n`;
const claim = (name: string) => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`;

/** Fifty objects: a namespace, two definitions with ten objects each, three claims, and twenty-four ConfigMaps. */
const plain = configMaps(24);
const customs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((number) => [
  custom('Widget', `w${number}`),
  custom('Gadget', `g${number}`),
]);
const definitions = [definition('widgets', 'Widget'), definition('gadgets', 'Gadget')];
const claims = ['one', 'two', 'three'].map(claim);

describe.each(apiServers())('AT-06, on $name: what would delete much waits for a person', ({ open, name }) => {
  const extra = namespace(`engine-extra-${name}`);
  const fifty = [...plain, ...customs, ...definitions, ...claims, extra];
  let server: OpenApiServer;
  let world: EngineWorld;

  beforeAll(async () => {
    server = await open({ controllers: false });
    world = await EngineWorld.open(server);
    await world.run(filesOf(...fifty));
    await world.agent.client.kinds.refresh();
  });
  afterAll(async () => {
    await world?.stop();
    await server?.stop();
  });
  afterEach(() => world.run(filesOf(...fifty)));

  const rows: readonly [what: string, kept: readonly string[], leaving: number][] = [
    ['more than thirty of a hundred', fifty.slice(16), 16],
    ['more than twenty', fifty.filter((text) => !customs.includes(text) && text !== plain[0]), 21],
    ['a namespace', fifty.filter((text) => text !== extra), 1],
    ['a definition, with nothing of its kind', fifty.filter((text) => text !== definitions[0]), 1],
    ['a definition with all that is of its kind', fifty.filter((text) => !/Widget/.test(text)), 11],
    ['a claim', fifty.filter((text) => text !== claims[0]), 1],
  ];

  it.each(rows)('%s', async (_what, kept, leaving) => {
    const before = world.deletes.length;
    world.order(filesOf(...kept));
    const { reason, sync } = await world.told('ApprovalRequired');
    await world.look();
    expect([fifty.length - kept.length, sync, world.deletes.length - before, reason!.message]).toEqual([
      leaving,
      'OutOfSync',
      0,
      expect.stringMatching(/stay until a person approves with: kubectl annotate/),
    ]);
  });

  it('an approval is of exactly one list: it deletes that, and is void for another', async () => {
    const before = world.deletes.length;
    world.order(filesOf(...fifty.slice(16)));
    await world.told('ApprovalRequired');
    const [, stale] = /approve-prune=(\w+)/.exec(world.agent.plane.status('target1')!.reason!.message)!;
    world.order(filesOf(...fifty.slice(17)));
    await world.told('ApprovalRequired');
    await world.agent.annotateRecord('target1', { 'flotilla.dev/approve-prune': stale! });
    await world.look();
    expect(world.deletes.length - before).toBe(0);
    await world.approve();
    await world.agent.reported('target1', ({ sync }) => sync === 'Synced');
    const left = Object.keys(await world.data()).toSorted();
    expect([world.deletes.length - before, left]).toEqual([17, ['c17', 'c18', 'c19', 'c20', 'c21', 'c22', 'c23']]);
  });

  it('what says of itself that it is never deleted stays, approved or not', async () => {
    const kept = configMap('kept', { a: '1' }, { 'flotilla.dev/prune': 'false' });
    await world.run(filesOf(...fifty, kept));
    const before = world.deletes.length;
    world.order(filesOf(...fifty.slice(16)));
    await world.told('ApprovalRequired');
    await world.approve();
    await world.agent.reported('target1', ({ sync }) => sync === 'Synced');
    expect([world.deletes.length - before, (await world.data())['kept']]).toEqual([16, { a: '1' }]);
    const [left] = (await world.list('ConfigMap')).filter(({ metadata }) => metadata.name === 'kept');
    expect(left!.metadata.labels ?? {}).toEqual({});
  });

  it('a target that leaves because of a label or a commit waits as one list; one that a person deleted keeps what takes more with it', async () => {
    const entry = await world.run(filesOf(...fifty));
    const before = world.deletes.length;
    world.agent.plane.order({ ...entry, intent: 'delete' });
    await world.told('ApprovalRequired');
    await world.look();
    expect(world.deletes.length - before).toBe(0);
    world.agent.plane.order({ ...entry, intent: 'delete', deletedBy: 'anna' });
    const { reason } = await world.agent.reported('target1', () => world.deletes.length - before >= 44);
    expect([
      reason?.code,
      (await world.list(widgets)).length,
      (await world.list('PersistentVolumeClaim')).length,
    ]).toEqual(['ApprovalRequired', 0, 3]);
  });

  it('a target that is let go leaves everything as it is, without our marks', async () => {
    const entry = await world.run(filesOf(...fifty));
    const before = world.deletes.length;
    world.agent.plane.order({ ...entry, intent: 'orphan' });
    await world.agent.reported('target1', ({ gone }) => gone === true);
    const left = [...(await world.list(widgets)), ...(await world.list('PersistentVolumeClaim'))];
    const marked = left.filter(({ metadata }) => metadata.labels?.['flotilla.dev/target']);
    expect([world.deletes.length - before, left.length, marked]).toEqual([0, 13, []]);
    await adoptAgain();
  });

  /** What was let go belongs to nobody; the next test begins with all of it ours. */
  const adoptAgain = () =>
    world.run(filesOf(...fifty), { sync: { prune: true, drift: 'correct', adopt: true, createNamespace: true } });
});
