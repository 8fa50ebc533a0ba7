import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import type { KubeRequest, KubeTransport } from '@flotilla/platform-kube';
import { AgentFixture } from '../support/agent-fixture.ts';
import { apiServers, type OpenApiServer } from '../support/api-servers.ts';

const rbac = 'rbac.authorization.k8s.io';
const tenant = 'sa-e';

const text = (object: object) => JSON.stringify(object);
const configMap = (name: string, namespace?: string) =>
  text({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(namespace && { namespace }) }, data: { a: '1' } });

/** What a tenant might put into Git to come to more than its namespace, and how the API server words its refusal. */
const reaches = (own: string): readonly (readonly [string, string, RegExp])[] => [
  [
    'an object in another namespace',
    configMap('far', 'default'),
    /cannot (?:get|patch|create) resource "configmaps".*"default"/,
  ],
  [
    'a secret of another namespace',
    text({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'far', namespace: 'default' } }),
    /cannot (?:get|patch|create) resource "secrets"|its words are kept back/,
  ],
  [
    'a ClusterRoleBinding to its ServiceAccount',
    text({
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: `${own}-grab` },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: tenant, namespace: own }],
    }),
    /cannot (?:get|patch|create) resource "clusterrolebindings"/,
  ],
  [
    'a namespace without pod security',
    text({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: own, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    }),
    /cannot (?:get|patch|create) resource "namespaces"|belongs to test/,
  ],
  [
    'a role that gives more than it has',
    text({
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { name: 'more' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }],
    }),
    /attempting to grant RBAC permissions not currently held/,
  ],
  [
    'a kind of its own',
    text({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.org' },
      spec: {
        group: 'example.org',
        scope: 'Namespaced',
        names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    }),
    /cannot (?:get|patch|create) resource "customresourcedefinitions"/,
  ],
  [
    'an API of its own',
    text({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.example.net' },
      spec: { group: 'example.net', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1 },
    }),
    /cannot (?:get|patch|create) resource "apiservices"/,
  ],
  [
    'a webhook before all others',
    text({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: `${own}-hook` },
      webhooks: [],
    }),
    /cannot (?:get|patch|create) resource "validatingwebhookconfigurations"/,
  ],
];

/** Writes down whom each request was made as. */
function recording(transport: KubeTransport, seen: KubeRequest[]): KubeTransport {
  return {
    request: (request) => {
      seen.push(request);
      return transport.request(request);
    },
  };
}

let count = 0;

describe.each(apiServers())('an application of a tenant, on $name', ({ isReal, open }) => {
  let server: OpenApiServer;
  let fixture: AgentFixture;
  let seen: KubeRequest[];

  beforeAll(async () => {
    server = await open();
  });
  afterAll(() => server?.stop());
  afterEach(() => fixture?.stop());

  /** The namespace `e` with its ServiceAccount, which may keep ConfigMaps there and write down roles. */
  async function start(): Promise<string> {
    seen = [];
    fixture = new AgentFixture({ transport: recording(server.transport, seen), namespace: `tenants-${++count}` });
    const own = `${fixture.namespace}-apps`;
    await fixture.ensureNamespace(own);
    const make = (object: KubeObject) => fixture.client.create(object, { manager: 'test' });
    await make({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: tenant, namespace: own } });
    const verbs = ['get', 'create', 'patch', 'delete'];
    await make({
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { name: tenant, namespace: own },
      rules: [
        { apiGroups: [''], resources: ['configmaps'], verbs },
        { apiGroups: [rbac], resources: ['roles'], verbs },
      ],
    });
    await make({
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: tenant, namespace: own },
      roleRef: { apiGroup: rbac, kind: 'Role', name: tenant },
      subjects: [{ kind: 'ServiceAccount', name: tenant, namespace: own }],
    });
    await fixture.start();
    seen.length = 0;
    return own;
  }

  const run = (texts: readonly string[], over: Parameters<AgentFixture['entry']>[1] = {}) => {
    const files = Object.fromEntries(texts.map((each, index) => [`app/${index}.yaml`, each]));
    const entry = fixture.entry(fixture.git.commit(files), { serviceAccount: tenant, ...over });
    fixture.plane.order(entry);
    return entry;
  };
  const refused = async (reason: string) =>
    (await fixture.reported('target1', (status) => status.reason?.code === reason, reason)).reason!.message;
  /** Whom requests about objects were made as, watches and what the agent keeps for itself left out. */
  const identities = () => {
    const ours = seen.filter(({ path, endless }) => !endless && path.includes('/configmaps') && path.includes('-apps'));
    return [...new Set(ours.map(({ headers }) => headers?.['impersonate-user'] ?? 'the agent itself'))];
  };

  it('AT-14 is read, written and pruned as its ServiceAccount; what the agent keeps is its own', async () => {
    const own = await start();
    const first = run([configMap('one'), configMap('two')]);
    await fixture.synced('target1', first.source.revision);
    const second = run([configMap('one')]);
    await fixture.synced('target1', second.source.revision);
    const records = seen.filter(({ path }) => path.includes(`/namespaces/${fixture.namespace}/`));
    expect({
      identities: identities(),
      pruned: await fixture.get('ConfigMap', 'two'),
      records: [records.length > 0, records.filter(({ headers }) => headers?.['impersonate-user']).length],
    }).toEqual({ identities: [`system:serviceaccount:${own}:${tenant}`], pruned: undefined, records: [true, 0] });
  });

  it('AT-14 with an empty identity refuses, and asks nothing as the agent itself', async () => {
    await start();
    run([configMap('one')], { serviceAccount: '' });
    await refused('IdentityRefused');
    expect([identities(), await fixture.get('ConfigMap', 'one')]).toEqual([[], undefined]);
  });

  it('AT-14 that reaches further is refused before anything is applied, everything in one list', async () => {
    const own = await start();
    // The simulated server calls nobody else: it knows neither APIs of others nor webhooks.
    const rows = isReal ? reaches(own) : reaches(own).slice(0, -2);
    run([configMap('one'), ...rows.map(([, each]) => each)], { allow: { kinds: [{ group: '', kind: 'ConfigMap' }] } });
    const message = await refused('NotAllowed');
    expect([message.split('), ').length, await fixture.get('ConfigMap', 'one')]).toEqual([rows.length, undefined]);
  });

  it.skipIf(!isReal).each(reaches('e').map(([what], row) => [what, row] as const))(
    'AT-14 %s is refused by the API server, in the name of the tenant, where no list says so before',
    async (_what, row) => {
      const own = await start();
      const [, object, words] = reaches(own)[row]!;
      run([object]);
      const { reason } = await fixture.reported('target1', ({ reason: why }) => why !== undefined, 'a refusal');
      expect(reason!.message).toMatch(words);
      expect(reason!.message).not.toMatch(/flotilla:metered/);
    },
  );
});
