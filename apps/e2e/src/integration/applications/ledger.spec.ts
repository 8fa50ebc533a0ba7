import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { until } from '@flotilla/testing';
import { apiServers, type OpenApiServer } from '../../support/api-servers.ts';
import { EngineWorld } from '../../support/engine/engine-world.ts';
import { edited, readApplication, without } from '../../support/engine/read-application.ts';
import { startStandIn } from '../../support/stand-ins/stand-in.ts';
import { settleStatefulSet, statefulSets } from '../../support/stand-ins/stateful-sets.ts';
import type { Running } from '@flotilla/foundation';

const namespace = 'ledger';
const files = readApplication('ledger');

describe.each(apiServers())('a stateful service with claims, on $name', ({ open }) => {
  let server: OpenApiServer;
  let world: EngineWorld;
  let stub: Running | undefined;

  beforeAll(async () => {
    server = await open();
    if (!server.hasControllers) stub = startStandIn(server.transport, statefulSets, settleStatefulSet);
    world = await EngineWorld.open(server);
  });
  afterAll(async () => {
    await world?.stop();
    await stub?.stop();
    await server?.stop();
  });

  const claims = async () =>
    (await world.list('PersistentVolumeClaim', namespace)).map(({ metadata }) => metadata.name);
  const statefulSet = async () => (await world.list(statefulSets, namespace))[0]!;
  const all = ['backups', 'data-ledger-0', 'data-ledger-1'];

  /** What the controller of claims does once no pod uses one. */
  async function letGoOfClaim(name: string): Promise<void> {
    const key = { group: '', kind: 'PersistentVolumeClaim', namespace, name };
    await until(async () => (await world.agent.client.get(key))?.metadata.deletionTimestamp, {
      what: 'its end to begin',
    });
    await world.agent.client.mergePatch(
      key,
      { metadata: { finalizers: null } },
      { manager: 'kube-controller-manager' },
    );
  }

  it('is installed and well, and sends nothing more, whatever the server writes otherwise than Git does', async () => {
    await world.run(files);
    await world.agent.reported('target1', ({ resources }) => healthOf(resources, 'StatefulSet') === 'Healthy');
    const before = world.writes.length;
    await world.look();
    await world.dieAndStart();
    await world.look();
    expect([await claims(), world.writes.slice(before)]).toEqual([all, []]);
  });

  it('is changed in place: image and configuration, with the same claims', async () => {
    const { uid } = (await statefulSet()).metadata;
    await world.run(
      edited(edited(files, 'stateful-set.yaml', { ':16.1': ':16.2' }), 'configuration.yaml', { '100': '200' }),
    );
    const after = await statefulSet();
    expect([imageOf(after), after.metadata.uid, await claims()]).toEqual([
      'registry.example.org/ledger:16.2',
      uid,
      all,
    ]);
  });

  it('a field that cannot be changed in place: nothing is applied, and the reason names the field and the way out', async () => {
    const { metadata } = await statefulSet();
    const before = world.writes.length;
    world.order(
      edited(edited(files, 'stateful-set.yaml', { '1024Mi\n': '2048Mi\n' }), 'configuration.yaml', { '100': '300' }),
    );
    const { reason } = await world.told('FieldImmutable');
    await world.look();
    expect([reason!.message, world.writes.slice(before), (await statefulSet()).metadata.uid]).toEqual([
      expect.stringMatching(/StatefulSet.*forbidden.*flotilla\.dev\/replace/s),
      [],
      metadata.uid,
    ]);
  });

  it('is pruned: the set goes, no claim that it made does, and the one of Git only once a person approved it', async () => {
    await world.run(files);
    const before = world.deletes.length;
    await world.run(without(files, 'stateful-set.yaml'));
    const afterSet = [(await world.list(statefulSets, namespace)).length, await claims()];
    world.order(without(files, 'stateful-set.yaml', 'backups.yaml'));
    await world.told('ApprovalRequired');
    await world.look();
    const waiting = await claims();
    await world.approve();
    if (!server.hasControllers) await letGoOfClaim('backups');
    await world.agent.reported('target1', ({ sync }) => sync === 'Synced');
    const kinds = world.deletes.slice(before).map((path) => path.split('/').slice(-2).join('/'));
    expect({ afterSet, waiting, deleted: kinds.toSorted() }).toEqual({
      afterSet: [0, all],
      waiting: all,
      deleted: ['persistentvolumeclaims/backups', 'services/ledger', 'statefulsets/ledger'],
    });
  });
});

function imageOf({ spec }: KubeObject): string {
  const { template } = spec as { template: { spec: { containers: readonly [{ image: string }] } } };
  return template.spec.containers[0].image;
}

function healthOf(resources: readonly { kind: string; health: string }[], kind: string): string | undefined {
  return resources.find((resource) => resource.kind === kind)?.health;
}
