import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, systemRandom, type Running } from '@flotilla/foundation';
import { keyOfObject, objectTitle, type KubeObject } from '@flotilla/model';
import { createKubeClient, type KubeClient } from '@flotilla/platform-kube';
import { startWorkloadStub } from '@flotilla/testing';
import { convert } from '../../applications/certificates/convert.ts';
import { refuseTaken } from '../../applications/ingress-controller/refuse-taken.ts';
import { apiServers, type OpenApiServer } from '../../support/api-servers.ts';
import { EngineWorld } from '../../support/engine/engine-world.ts';
import { formerTools, makeByOthers, marksOf, objectsOf } from '../../support/engine/made-by-others.ts';
import { edited, readApplication, without, type ApplicationFiles } from '../../support/engine/read-application.ts';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server/webhook-server.ts';

const sync = { prune: true, drift: 'correct', adopt: false, createNamespace: true } as const;
let count = 0;

describe.each(apiServers())('a stateful service that another tool made, on $name', ({ open }) => {
  let server: OpenApiServer;
  let client: KubeClient;
  let world: EngineWorld;

  beforeAll(async () => {
    server = await open({ controllers: false });
    client = createKubeClient({ transport: server.transport, clock: systemClock, random: systemRandom });
  });
  afterAll(() => server?.stop());
  afterEach(() => world?.stop());

  it.each(formerTools)('$name: is taken over as it is, and is wholly ours then', async (tool) => {
    const namespace = `ledger-${++count}`;
    const files = {
      ...readApplication('ledger', { 'namespace: ledger': `namespace: ${namespace}` }),
      ...home(namespace),
    };
    await makeByOthers(client, files, tool);
    await write(namespace);
    const before = await seenBy(client, files);
    world = await EngineWorld.open(server);
    const taking = { sync: { ...sync, takeOverFrom: [tool.word] } };
    await world.run(files, taking);
    await world.look();
    const after = await seenBy(client, files);
    expect({
      lost: new Set(lostIn(before, after)),
      deleted: world.deletes,
      former: managersOf(after).filter((manager) => manager === tool.manager),
      theirs: ownersOf(after.get(`StatefulSet ${namespace}/ledger`)!, 'f:example.org/checksum'),
    }).toEqual({ lost: new Set(marksOf(tool)), deleted: [], former: [], theirs: ['operator'] });

    await world.run(edited(files, 'configuration.yaml', { 'LOG_LEVEL: info': 'LOG_FORMAT: json' }), taking);
    const { data } = (await seenBy(client, files)).get(`ConfigMap ${namespace}/ledger`)!;
    expect(Object.keys(data as object).toSorted()).toEqual(['LOG_FORMAT', 'ledger.conf']);
  });

  it.each([
    [undefined, 1, []],
    [true, 0, ['poddisruptionbudgets/ledger']],
  ])('what was taken over and leaves Git, with pruneAdopted %s', async (pruneAdopted, left, deleted) => {
    const namespace = `ledger-${++count}`;
    const said = { 'namespace: ledger': `namespace: ${namespace}` };
    const files = { ...readApplication('ledger', said), ...home(namespace) };
    await makeByOthers(client, files, formerTools[0]!);
    world = await EngineWorld.open(server);
    const taking = { sync: { ...sync, takeOverFrom: ['kubectl' as const], ...(pruneAdopted && { pruneAdopted }) } };
    await world.run(files, taking);
    await world.run(without(files, 'disruption.yaml'), taking);
    const budgets = await world.list({ group: 'policy', kind: 'PodDisruptionBudget' }, namespace);
    expect({
      left: budgets.length,
      labels: budgets.flatMap(({ metadata }) => Object.keys(metadata.labels ?? {})),
      deleted: world.deletes.map((path) => path.split('/').slice(-2).join('/')),
    }).toEqual({ left, labels: [], deleted });
  });

  /** Since then an operator wrote what Git knows nothing of. */
  async function write(namespace: string): Promise<void> {
    const key = { group: 'apps', kind: 'StatefulSet', namespace, name: 'ledger' };
    const annotations = { 'example.org/checksum': 'theirs' };
    await client.mergePatch(key, { metadata: { annotations } }, { manager: 'operator' });
  }
});

const real = apiServers().filter(({ isReal }) => isReal);

describe.skipIf(real.length === 0)('what Argo CD made, on kube-apiserver', () => {
  const argocd = formerTools.find(({ word, apply }) => word === 'argocd' && apply === 'server-side')!;
  let server: OpenApiServer;
  let client: KubeClient;
  let webhook: WebhookServer;
  let stub: Running;
  let world: EngineWorld;

  beforeAll(async () => {
    server = await real[0]!.open();
    client = createKubeClient({ transport: server.transport, clock: systemClock, random: systemRandom });
    webhook = await startWebhookServer({ admit: refuseTaken(), convert });
    stub = startWorkloadStub(server.transport);
  });
  afterAll(async () => {
    await stub?.stop();
    await webhook?.stop();
    await server?.stop();
  });
  afterEach(() => world?.stop());

  it.each(['ingress-controller', 'certificates', 'orders'])('%s: is taken over as it is', async (name) => {
    const said = { 'https://127.0.0.1:9443': webhook.url, 'Cg==': webhook.caBundle };
    // What helm runs as hooks is no part of what stays.
    const files = { ...without(readApplication(name, said), 'migrations.yaml', 'smoke.yaml'), ...homes[name] };
    await makeByOthers(client, files, argocd);
    const before = await seenBy(client, files);
    world = await EngineWorld.open(server);
    await world.run(files, { sync: { ...sync, takeOverFrom: ['argocd'] } });
    await world.look();
    const after = await seenBy(client, files);
    expect({
      lost: new Set(lostIn(before, after)),
      deleted: world.deletes,
      former: managersOf(after).filter((manager) => manager === argocd.manager),
    }).toEqual({ lost: new Set(marksOf(argocd)), deleted: [], former: [] });
  });
});

/** The chart names no namespace of its own. */
const homes: Readonly<Record<string, ApplicationFiles>> = { orders: home('orders') };

async function seenBy(client: KubeClient, files: ApplicationFiles): Promise<ReadonlyMap<string, KubeObject>> {
  const there = await Promise.all(objectsOf(files).map((object) => client.get(keyOfObject(object))));
  return new Map(there.map((object) => [objectTitle(keyOfObject(object!)), object!]));
}

function home(namespace: string): ApplicationFiles {
  return { 'app/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}}\n` };
}

/** Fields that were there before, and are not any more or hold something else; an object that was made again has another uid. */
function lostIn(before: ReadonlyMap<string, KubeObject>, after: ReadonlyMap<string, KubeObject>): string[] {
  return [...before].flatMap(([title, object]) => {
    const there = leavesOf(after.get(title));
    return [...leavesOf(object)]
      .filter(([field, value]) => !serversOwn.test(field) && there.get(field) !== value)
      .map(([field]) => field);
  });
}

/** What the server and controllers say; a Deployment has a new generation with each change of its annotations. */
const serversOwn = /^\.(status|metadata\.(managedFields|resourceVersion|generation))/;

function leavesOf(value: unknown, path = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value]]);
  return new Map(Object.entries(value).flatMap(([name, inner]) => [...leavesOf(inner, `${path}.${name}`)]));
}

function managersOf(objects: ReadonlyMap<string, KubeObject>): string[] {
  return [...objects.values()].flatMap(({ metadata }) => (metadata.managedFields ?? []).map(({ manager }) => manager));
}

/** Who owns a field that is named so, wherever it is. */
function ownersOf({ metadata }: KubeObject, field: string): string[] {
  const owning = (metadata.managedFields ?? []).filter(({ fieldsV1 }) =>
    JSON.stringify(fieldsV1).includes(`"${field}"`),
  );
  return owning.map(({ manager }) => manager);
}
