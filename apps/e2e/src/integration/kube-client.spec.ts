import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom, type Fault } from '@flotilla/foundation';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import {
  connectKubeconfig,
  connectUrl,
  createKubeClient,
  serviceAccountIdentity,
  watchKind,
  type HttpTransport,
  type KubeClient,
} from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { apiServers, type OpenApiServer } from '../support/api-servers.ts';

const manager = 'flotilla';
const configMaps = { group: '', kind: 'ConfigMap' };

process.stdout.write(
  'the Kubernetes client: four cases are for a real API server alone (identities, TLS, kubeconfig, priority and fairness), one for kubesim alone (a forgotten place)\n',
);

describe.each(apiServers())('the Kubernetes client against $name', ({ open, isReal }) => {
  let server: OpenApiServer;
  let transport: HttpTransport;
  let client: KubeClient;
  let namespaces = 0;

  beforeAll(async () => {
    server = await open({ controllers: false });
    ({ transport, client } = clientOf(server.url));
  });

  afterAll(async () => {
    await transport?.close();
    await server?.stop();
  });

  function clientOf(url: string, token = server.token) {
    const opened = connectUrl({ url, token, ...(server.ca && { ca: server.ca }) });
    return {
      transport: opened,
      client: createKubeClient({ transport: opened, clock: systemClock, random: systemRandom }),
    };
  }

  async function newNamespace(): Promise<string> {
    const name = `shop-${++namespaces}`;
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager });
    return name;
  }

  function apply(object: KubeObject, options: { manager?: string; force?: boolean; dryRun?: boolean } = {}) {
    return client.apply(object, { manager, force: false, ...options });
  }

  it('knows the version and the kinds of the server', async () => {
    expect(await client.version()).toMatchObject({ major: '1', minor: expect.stringMatching(/^\d+/) });
    const table = await client.kinds.refresh();
    expect(table.failedGroups).toEqual([]);
    expect(table.resolve({ group: 'apps', kind: 'Deployment' })).toMatchObject({
      version: 'v1',
      plural: 'deployments',
      namespaced: true,
      subresources: expect.arrayContaining(['scale', 'status']),
    });
    expect(table.resolve({ group: '', kind: 'Namespace' })).toMatchObject({
      plural: 'namespaces',
      namespaced: false,
    });
  });

  it('applies, tells who holds which field, and takes it when told to', async () => {
    const namespace = await newNamespace();
    expect(await apply(configMap(namespace, { color: 'red', size: '1' }))).toMatchObject({ kind: 'applied' });
    const other = { manager: 'somebody' };
    expect(await apply(configMap(namespace, { color: 'blue' }), other)).toEqual({
      kind: 'conflicts',
      conflicts: [{ field: '.data.color', manager }],
    });
    const forced = await apply(configMap(namespace, { color: 'blue' }), { ...other, force: true, dryRun: true });
    expect(forced).toMatchObject({ kind: 'applied', object: { data: { color: 'blue', size: '1' } } });
    expect(await client.get(keyIn(namespace))).toMatchObject({ data: { color: 'red', size: '1' } });
  });

  it('says what is wrong with an object, and what follows from it', async () => {
    const namespace = await newNamespace();
    const typo = { ...configMap(namespace, {}), dato: { color: 'red' } };
    const wrongType = configMap(namespace, { color: 1 as unknown as string });
    const incomplete = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a', namespace },
      spec: { replicas: 1 },
    };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a', namespace },
      data: { 'not a key': 'aHVudGVyMg==' },
    };
    expect(await Promise.all([typo, wrongType, incomplete, secret].map((object) => reasonOf(apply(object))))).toEqual([
      'ObjectInvalid',
      'ObjectInvalid',
      'ObjectInvalid',
      'ObjectInvalid',
    ]);
    await expect(apply(incomplete)).rejects.toMatchObject({
      subject: `Deployment ${namespace}/a`,
      message: expect.stringContaining('spec.selector'),
      consequence: { kind: 'stall' },
    });
    await expect(apply(configMap('nowhere', {}))).rejects.toMatchObject({
      reason: 'NamespaceMissing',
      consequence: { kind: 'retry' },
    });
    await expect(apply({ ...configMap(namespace, {}), apiVersion: 'v2' })).rejects.toMatchObject({
      reason: 'KindUnknown',
      message: expect.stringContaining('it serves v1 of it'),
      consequence: { kind: 'wait' },
    });
  });

  it('creates, replaces and patches, and tells when others were faster', async () => {
    const namespace = await newNamespace();
    const created = await client.create(configMap(namespace, { color: 'red' }), { manager });
    expect(created).toMatchObject({ kind: 'created', object: { metadata: { uid: expect.any(String) } } });
    expect(await client.create(configMap(namespace, {}), { manager })).toEqual({ kind: 'exists' });
    const before = (await client.get(keyIn(namespace)))!;
    const replaced = await client.replace({ ...before, data: { color: 'blue' } }, { manager });
    expect(replaced).toMatchObject({ kind: 'replaced', object: { data: { color: 'blue' } } });
    expect(await client.replace({ ...before, data: { color: 'green' } }, { manager })).toEqual({ kind: 'conflict' });
    expect(await client.mergePatch(keyIn(namespace), { data: { color: null, size: '2' } }, { manager })).toMatchObject({
      data: { size: '2' },
    });
    expect(await client.mergePatch(keyIn(namespace, 'nothing'), {}, { manager })).toBeUndefined();
    expect(await client.get(keyIn(namespace, 'nothing'))).toBeUndefined();
  });

  it('deletes only the very object that is meant, and sees what holds it', async () => {
    const namespace = await newNamespace();
    const held = configMap(namespace, {}, { finalizers: ['example.org/held'] });
    const { uid } = ((await apply(held)) as { object: KubeObject }).object.metadata;
    const remove = (wanted: string) => client.delete(keyIn(namespace), { uid: wanted, propagation: 'Background' });
    expect(await remove('00000000-0000-0000-0000-000000000000')).toBe('replaced');
    expect(await remove(uid!)).toBe('pending');
    expect(await client.get(keyIn(namespace))).toMatchObject({ metadata: { deletionTimestamp: expect.any(String) } });
    await client.mergePatch(keyIn(namespace), { metadata: { finalizers: null } }, { manager });
    expect(await remove(uid!)).toBe('absent');
    await apply(configMap(namespace, {}));
    const options = { propagation: 'Background', dryRun: true } as const;
    expect(await client.delete(keyIn(namespace), options)).toBe('deleted');
    expect(await client.delete(keyIn(namespace), { ...options, dryRun: false })).toBe('deleted');
    const stale = client.delete(keyIn(namespace), { resourceVersion: '1', propagation: 'Background' });
    expect(await stale).toBe('absent');
  });

  it('keeps what is written while a namespace goes away as a reason to come back', async () => {
    const namespace = await newNamespace();
    await apply(configMap(namespace, {}, { finalizers: ['example.org/held'] }));
    const key = { group: '', kind: 'Namespace', name: namespace };
    expect(await client.delete(key, { propagation: 'Background' })).toBe('pending');
    const late = apply({ ...configMap(namespace, {}), metadata: { name: 'late', namespace } });
    await expect(late).rejects.toMatchObject({ reason: 'NamespaceTerminating', consequence: { kind: 'retry' } });
  });

  it.runIf(isReal)('acts as somebody else, with exactly his groups', async () => {
    const namespace = await newNamespace();
    const jane = client.as({ user: 'jane', groups: ['readers', 'writers'] });
    await expect(jane.apply(configMap(namespace, {}), { manager, force: false })).rejects.toMatchObject({
      reason: 'Forbidden',
      message: expect.stringContaining('jane'),
      consequence: { kind: 'stall' },
    });
    expect(await whoIs(jane)).toEqual({ username: 'jane', groups: ['readers', 'writers', 'system:authenticated'] });
    expect(await whoIs(client.as(serviceAccountIdentity('shop', 'deployer')))).toEqual({
      username: 'system:serviceaccount:shop:deployer',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
    });
  });

  it('says that a stranger is nobody', async () => {
    const stranger = clientOf(server.url, 'wrong');
    onTestFinished(() => stranger.transport.close());
    await expect(stranger.client.kinds.table()).rejects.toMatchObject({ reason: 'Unauthenticated' });
  });

  it('lists page by page', async () => {
    const namespace = await newNamespace();
    const names = Array.from({ length: 25 }, (_, index) => `object-${index + 10}`);
    await Promise.all(names.map((name) => apply(configMap(namespace, {}, { name, labels: { team: 'a' } }))));
    const selection = { namespace, labelSelector: 'team=a', limit: 10 };
    const { items } = await client.list(configMaps, selection);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
    const [first] = (await client.list(configMaps, { ...selection, metadataOnly: true })).items;
    expect(first).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'object-10' } });
    expect(first).not.toHaveProperty('data');
  });

  it('follows a kind through broken connections without losing or repeating anything', async () => {
    const namespace = await newNamespace();
    const proxy = await startProxy(server.url);
    const behind = clientOf(proxy.url);
    const told: string[] = [];
    await apply(configMap(namespace, { round: '0' }, { name: 'a' }));
    const cache = watchKind(behind.client, configMaps, {
      namespace,
      keep: ({ data }) => (data as { round: string }).round,
      onChange: (event) =>
        told.push(event.type === 'synced' ? 'synced' : `${event.type} ${event.key.name} ${event.kept}`),
      clock: systemClock,
      random: systemRandom,
    });
    onTestFinished(async () => {
      await cache.stop();
      await behind.transport.close();
      await proxy.close();
    });
    await cache.synced;
    for (const round of ['1', '2', '3']) {
      await apply(configMap(namespace, { round }, { name: 'a' }));
      await until(() => cache.get(keyIn(namespace, 'a')) === round, { what: `round ${round}` });
      proxy.cut();
      await apply(configMap(namespace, { round }, { name: `b-${round}` }));
    }
    await client.delete(keyIn(namespace, 'b-1'), { propagation: 'Background' });
    await until(() => told.at(-1)?.startsWith('removed'), { what: 'the removal' });
    expect(told.filter((line) => !line.includes('kube-root-ca'))).toEqual([
      'added a 0',
      'synced',
      'changed a 1',
      'added b-1 1',
      'changed a 2',
      'added b-2 2',
      'changed a 3',
      'added b-3 3',
      'removed b-1 1',
    ]);
    expect(cache.health()).toMatchObject({ relists: 0, poisoned: 0 });
  });

  it.skipIf(isReal)('compares with a new list when the server has forgotten its place', async () => {
    const namespace = await newNamespace();
    const proxy = await startProxy(server.url);
    const behind = clientOf(proxy.url);
    const told: string[] = [];
    await Promise.all(['stays', 'goes'].map((name) => apply(configMap(namespace, {}, { name }))));
    const cache = watchKind(behind.client, configMaps, {
      namespace,
      keep: () => undefined,
      onChange: (event) => told.push(event.type === 'synced' ? 'synced' : `${event.type} ${event.key.name}`),
      clock: systemClock,
      random: systemRandom,
    });
    onTestFinished(async () => {
      await cache.stop();
      await behind.transport.close();
      await proxy.close();
    });
    await cache.synced;
    told.length = 0;
    proxy.refuse(true);
    proxy.cut();
    await client.delete(keyIn(namespace, 'goes'), { propagation: 'Background' });
    await apply(configMap(namespace, {}, { name: 'comes' }));
    server.compact!();
    proxy.refuse(false);
    await until(() => told.includes('synced'), { what: 'the new list' });
    expect(told).toEqual(['added comes', 'removed goes', 'synced']);
    expect(cache.health()).toMatchObject({ relists: 1, poisoned: 0 });
  });

  it('follows metadata alone', async () => {
    const namespace = await newNamespace();
    const seen: KubeObject[] = [];
    const cache = watchKind(client, configMaps, {
      namespace,
      labelSelector: 'team=a',
      metadataOnly: true,
      keep: ({ metadata }) => metadata.uid,
      onChange: (event) => void ('object' in event && event.object && seen.push(event.object)),
      clock: systemClock,
      random: systemRandom,
    });
    onTestFinished(() => cache.stop());
    await cache.synced;
    await apply(configMap(namespace, { color: 'red' }, { labels: { team: 'a' } }));
    await until(() => seen.length === 1, { what: 'the event' });
    expect(seen[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } });
    expect(seen[0]).not.toHaveProperty('data');
  });

  it('waits for a kind that is defined later, and lets it go when its definition goes', async () => {
    const widgets = { group: 'example.org', kind: 'Widget' };
    const told: string[] = [];
    const cache = watchKind(client, widgets, {
      keep: ({ metadata }) => metadata.name,
      onChange: (event) => told.push(event.type === 'synced' ? 'synced' : `${event.type} ${event.kept}`),
      clock: systemClock,
      random: systemRandom,
    });
    onTestFinished(() => cache.stop());
    await apply(widgetDefinition);
    const widget = { apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'one' }, spec: { size: 1 } };
    await until(async () => (await reasonOf(apply(widget))) === 'no fault', {
      what: 'the widget',
      timeoutMs: 30_000,
    });
    await until(() => told.includes('added one'), { what: 'the watch of widgets', timeoutMs: 30_000 });
    const definition = {
      group: 'apiextensions.k8s.io',
      kind: 'CustomResourceDefinition',
      name: 'widgets.example.org',
    };
    await client.delete(definition, { propagation: 'Background' });
    await until(() => told.at(-1) === 'removed one', { what: 'the removal', timeoutMs: 60_000 });
    expect([...cache.all()]).toEqual([]);
  });

  it('keeps to few connections', async () => {
    const namespace = await newNamespace();
    const proxy = await startProxy(server.url);
    const behind = clientOf(proxy.url);
    onTestFinished(async () => {
      await behind.transport.close();
      await proxy.close();
    });
    const writes = Array.from({ length: 200 }, (_, index) =>
      behind.client.apply(configMap(namespace, { round: String(index) }, { name: `c-${index % 40}` }), {
        manager,
        force: true,
      }),
    );
    expect(new Set((await Promise.all(writes)).map(({ kind }) => kind))).toEqual(new Set(['applied']));
    expect(proxy.opened()).toBeLessThanOrEqual(server.ca ? 1 : 32);
  });

  it.runIf(isReal)('gets everything done where the server has few places and turns the rest away', async () => {
    const namespace = await newNamespace();
    for (const object of fewPlacesFor('crowded')) await client.create(object, { manager });
    const crowded = clientOf(server.url, server.tokenFor!('crowded'));
    onTestFinished(() => crowded.transport.close());
    let turnedAway = 0;
    const counting = createKubeClient({
      transport: {
        request: async (request) => {
          const response = await crowded.transport.request(request);
          if (response.status === 429) turnedAway++;
          return response;
        },
      },
      clock: systemClock,
      random: systemRandom,
    });
    const writes = Array.from({ length: 300 }, (_, index) =>
      counting.apply(configMap(namespace, { large: 'x'.repeat(50_000) }, { name: `c-${index}` }), {
        manager,
        force: false,
      }),
    );
    const kinds = (await Promise.all(writes)).map(({ kind }) => kind);
    expect([new Set(kinds), turnedAway > 0]).toEqual([new Set(['applied']), true]);
    // Not once for each request: whoever is turned away sends fewer at once from then on.
    expect(turnedAway).toBeLessThan(75);
  });

  it.runIf(isReal)('does not talk to a server that nobody vouches for', async () => {
    const trusting = connectUrl({ url: server.url, token: server.token });
    onTestFinished(() => trusting.close());
    await expect(trusting.request({ method: 'GET', path: '/version' })).rejects.toMatchObject({
      reason: 'CertificateRefused',
    });
  });

  it.runIf(isReal)('connects by a kubeconfig', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-kubeconfig-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'token'), server.tokenFor!('jane'));
    if (server.ca) await writeFile(join(folder, 'ca.crt'), server.ca);
    await writeFile(join(folder, 'config'), kubeconfigText(server));
    const opened = await connectKubeconfig({ file: join(folder, 'config') });
    onTestFinished(() => opened.close());
    const jane = createKubeClient({ transport: opened, clock: systemClock, random: systemRandom });
    expect(await whoIs(jane)).toMatchObject({ username: 'jane' });
  });
});

/** The reason of the fault that `work` ends with. */
async function reasonOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no fault',
    ({ reason }: Fault) => reason,
  );
}

function configMap(namespace: string, data: Record<string, string>, metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace, ...metadata }, data };
}

function keyIn(namespace: string, name = 'settings'): ObjectKey {
  return { ...configMaps, namespace, name };
}

/** Very few requests at once of this user, who may do everything; what comes besides is not queued but turned away. */
function fewPlacesFor(user: string): KubeObject[] {
  const flow = 'flowcontrol.apiserver.k8s.io/v1';
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true };
  const subjects = [{ kind: 'User', user: { name: user } }];
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: user },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    },
    {
      apiVersion: flow,
      kind: 'PriorityLevelConfiguration',
      metadata: { name: user },
      spec: {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares: 1,
          lendablePercent: 0,
          borrowingLimitPercent: 0,
          limitResponse: { type: 'Reject' },
        },
      },
    },
    {
      apiVersion: flow,
      kind: 'FlowSchema',
      metadata: { name: user },
      spec: {
        matchingPrecedence: 1_000,
        priorityLevelConfiguration: { name: user },
        rules: [{ subjects, resourceRules: [everything] }],
      },
    },
  ];
}

async function whoIs(client: KubeClient): Promise<unknown> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: { name: '' } };
  const created = (await client.create(review, { manager })) as { object: KubeObject };
  const { userInfo } = created.object['status'] as { userInfo: { username: string; groups: string[] } };
  return { username: userInfo.username, groups: userInfo.groups };
}

function kubeconfigText({ url, ca }: OpenApiServer): string {
  return `apiVersion: v1
kind: Config
clusters:
- cluster:
    server: ${url}${ca ? '\n    certificate-authority: ca.crt' : ''}
  name: test
contexts:
- context:
    cluster: test
    user: jane
  name: test
current-context: test
users:
- name: jane
  user:
    tokenFile: token
`;
}

const widgetDefinition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Cluster',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
};

/** A line to a server that the test can cut. */
async function startProxy(target: string) {
  const { protocol, hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let [opened, refusing] = [0, false];
  const proxy = createServer((incoming) => {
    if (refusing) return void incoming.destroy();
    opened++;
    const outgoing = connect(Number(port), hostname);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => to.destroy())
        .on('close', () => to.destroy())
        .pipe(to);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: `${protocol}//127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    opened: () => opened,
    refuse: (refuse: boolean) => {
      refusing = refuse;
    },
    cut,
    close: () => {
      cut();
      return new Promise<void>((resolve) => proxy.close(() => resolve()));
    },
  };
}
