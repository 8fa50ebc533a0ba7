import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import {
  connectKubeconfig,
  connectUrl,
  createKubeClient,
  serviceAccountIdentity,
  type KubeClient,
} from '@flotilla/platform-kube';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { apiServers, type OpenApiServer } from '../support/api-servers.ts';
import { configMap, keyIn, manager, reasonOf, startProxy, KubeClientFixture } from '../support/kube-client-fixture.ts';

process.stdout.write(
  'the Kubernetes client: four cases are for a real API server alone (identities, TLS, kubeconfig, priority and fairness)\n',
);

describe.each(apiServers())('the Kubernetes client against $name', ({ open, isReal }) => {
  let api: KubeClientFixture;
  beforeAll(async () => {
    api = await KubeClientFixture.open(open);
  });
  afterAll(() => api?.stop());

  it('knows the version and the kinds of the server', async () => {
    expect(await api.client.version()).toMatchObject({ major: '1', minor: expect.stringMatching(/^\d+/) });
    const table = await api.client.kinds.refresh();
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
    const namespace = await api.newNamespace();
    expect(await api.apply(configMap(namespace, { color: 'red', size: '1' }))).toMatchObject({ kind: 'applied' });
    const other = { manager: 'somebody' };
    expect(await api.apply(configMap(namespace, { color: 'blue' }), other)).toEqual({
      kind: 'conflicts',
      conflicts: [{ field: '.data.color', manager }],
    });
    const forced = await api.apply(configMap(namespace, { color: 'blue' }), { ...other, force: true, dryRun: true });
    expect(forced).toMatchObject({ kind: 'applied', object: { data: { color: 'blue', size: '1' } } });
    expect(await api.client.get(keyIn(namespace))).toMatchObject({ data: { color: 'red', size: '1' } });
  });

  it('says what is wrong with an object, and what follows from it', async () => {
    const namespace = await api.newNamespace();
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
    expect(
      await Promise.all([typo, wrongType, incomplete, secret].map((object) => reasonOf(api.apply(object)))),
    ).toEqual(['ObjectInvalid', 'ObjectInvalid', 'ObjectInvalid', 'ObjectInvalid']);
    await expect(api.apply(incomplete)).rejects.toMatchObject({
      subject: `Deployment ${namespace}/a`,
      message: expect.stringContaining('spec.selector'),
      consequence: { kind: 'stall' },
    });
    await expect(api.apply(configMap('nowhere', {}))).rejects.toMatchObject({
      reason: 'NamespaceMissing',
      consequence: { kind: 'retry' },
    });
    await expect(api.apply({ ...configMap(namespace, {}), apiVersion: 'v2' })).rejects.toMatchObject({
      reason: 'KindUnknown',
      message: expect.stringContaining('it serves v1 of it'),
      consequence: { kind: 'wait' },
    });
  });

  it('creates, replaces and patches, and tells when others were faster', async () => {
    const namespace = await api.newNamespace();
    const created = await api.client.create(configMap(namespace, { color: 'red' }), { manager });
    expect(created).toMatchObject({ kind: 'created', object: { metadata: { uid: expect.any(String) } } });
    expect(await api.client.create(configMap(namespace, {}), { manager })).toEqual({ kind: 'exists' });
    const before = (await api.client.get(keyIn(namespace)))!;
    const replaced = await api.client.replace({ ...before, data: { color: 'blue' } }, { manager });
    expect(replaced).toMatchObject({ kind: 'replaced', object: { data: { color: 'blue' } } });
    expect(await api.client.replace({ ...before, data: { color: 'green' } }, { manager })).toEqual({
      kind: 'conflict',
    });
    expect(
      await api.client.mergePatch(keyIn(namespace), { data: { color: null, size: '2' } }, { manager }),
    ).toMatchObject({
      data: { size: '2' },
    });
    expect(await api.client.mergePatch(keyIn(namespace, 'nothing'), {}, { manager })).toBeUndefined();
    expect(await api.client.get(keyIn(namespace, 'nothing'))).toBeUndefined();
  });

  it('deletes only the very object that is meant, and sees what holds it', async () => {
    const namespace = await api.newNamespace();
    const held = configMap(namespace, {}, { finalizers: ['example.org/held'] });
    const { uid } = ((await api.apply(held)) as { object: KubeObject }).object.metadata;
    const remove = (wanted: string) => api.client.delete(keyIn(namespace), { uid: wanted, propagation: 'Background' });
    expect(await remove('00000000-0000-0000-0000-000000000000')).toBe('replaced');
    expect(await remove(uid!)).toBe('pending');
    expect(await api.client.get(keyIn(namespace))).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
    });
    await api.client.mergePatch(keyIn(namespace), { metadata: { finalizers: null } }, { manager });
    expect(await remove(uid!)).toBe('absent');
    await api.apply(configMap(namespace, {}));
    const options = { propagation: 'Background', dryRun: true } as const;
    expect(await api.client.delete(keyIn(namespace), options)).toBe('deleted');
    expect(await api.client.delete(keyIn(namespace), { ...options, dryRun: false })).toBe('deleted');
    const stale = api.client.delete(keyIn(namespace), { resourceVersion: '1', propagation: 'Background' });
    expect(await stale).toBe('absent');
  });

  it('keeps what is written while a namespace goes away as a reason to come back', async () => {
    const namespace = await api.newNamespace();
    await api.apply(configMap(namespace, {}, { finalizers: ['example.org/held'] }));
    const key = { group: '', kind: 'Namespace', name: namespace };
    expect(await api.client.delete(key, { propagation: 'Background' })).toBe('pending');
    const late = api.apply({ ...configMap(namespace, {}), metadata: { name: 'late', namespace } });
    await expect(late).rejects.toMatchObject({ reason: 'NamespaceTerminating', consequence: { kind: 'retry' } });
  });

  it.runIf(isReal)('acts as somebody else, with exactly his groups', async () => {
    const namespace = await api.newNamespace();
    const jane = api.client.as({ user: 'jane', groups: ['readers', 'writers'] });
    await expect(jane.apply(configMap(namespace, {}), { manager, force: false })).rejects.toMatchObject({
      reason: 'Forbidden',
      message: expect.stringContaining('jane'),
      consequence: { kind: 'stall' },
    });
    expect(await whoIs(jane)).toEqual({ username: 'jane', groups: ['readers', 'writers', 'system:authenticated'] });
    expect(await whoIs(api.client.as(serviceAccountIdentity('shop', 'deployer')))).toEqual({
      username: 'system:serviceaccount:shop:deployer',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
    });
  });

  it('says that a stranger is nobody', async () => {
    const stranger = api.clientOf(api.server.url, 'wrong');
    onTestFinished(() => stranger.transport.close());
    await expect(stranger.client.kinds.table()).rejects.toMatchObject({ reason: 'Unauthenticated' });
  });

  it('keeps to few connections', async () => {
    const namespace = await api.newNamespace();
    const proxy = await startProxy(api.server.url);
    const behind = api.clientOf(proxy.url);
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
    expect(proxy.opened()).toBeLessThanOrEqual(api.server.ca ? 1 : 32);
  });

  it.runIf(isReal)('gets everything done where the server has few places and turns the rest away', async () => {
    const namespace = await api.newNamespace();
    for (const object of fewPlacesFor('crowded')) await api.client.create(object, { manager });
    const crowded = api.clientOf(api.server.url, api.server.tokenFor!('crowded'));
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
    const trusting = connectUrl({ url: api.server.url, token: api.server.token });
    onTestFinished(() => trusting.close());
    await expect(trusting.request({ method: 'GET', path: '/version' })).rejects.toMatchObject({
      reason: 'CertificateRefused',
    });
  });

  it.runIf(isReal)('connects by a kubeconfig', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-kubeconfig-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'token'), api.server.tokenFor!('jane'));
    if (api.server.ca) await writeFile(join(folder, 'ca.crt'), api.server.ca);
    await writeFile(join(folder, 'config'), kubeconfigText(api.server));
    const opened = await connectKubeconfig({ file: join(folder, 'config') });
    onTestFinished(() => opened.close());
    const jane = createKubeClient({ transport: opened, clock: systemClock, random: systemRandom });
    expect(await whoIs(jane)).toMatchObject({ username: 'jane' });
  });
});

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
