import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { clusterApiCases } from '@flotilla/agent/testing';
import { systemClock, systemRandom } from '@flotilla/foundation';
import { createKubeClient, ManagedCluster } from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';
import { AgentFixture } from '../support/agent-fixture.ts';
import { apiServers, type OpenApiServer } from '../support/api-servers.ts';

const configMap = (name: string, data: Record<string, string> = { a: '1' }, extra = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${extra}data: ${JSON.stringify(data)}\n`;

const deployment = (image: string, replicas?: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
${replicas === undefined ? '' : `  replicas: ${replicas}\n`}  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: "${image}"}]}
`;

const autoscaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 1
  maxReplicas: 9
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
`;

type Template = { readonly containers: readonly { readonly image: string }[] };

function imageOf(object: KubeObject | undefined): string | undefined {
  return (object?.spec as { template: { spec: Template } } | undefined)?.template.spec.containers[0]?.image;
}

function replicasOf(object: KubeObject | undefined): number | undefined {
  return (object?.spec as { replicas?: number } | undefined)?.replicas;
}

let count = 0;

describe.each(apiServers())('the port to a cluster, filled by $name', ({ open }) => {
  let server: OpenApiServer;

  beforeAll(async () => {
    server = await open();
  });
  afterAll(() => server?.stop());

  it.each(clusterApiCases.map(({ title, run }) => [title, run] as const))('%s', async (_title, run) => {
    const [clock, random] = [systemClock, systemRandom];
    const client = createKubeClient({ transport: server.transport, clock, random });
    const as = (manager: string) => new ManagedCluster({ client, manager, clock, random });
    const namespace = `cases-${++count}`;
    await as('somebody').create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const settle = () => systemClock.sleep(300);
    await expect(run({ cluster: as('flotilla'), others: as('somebody'), namespace, settle })).resolves.toBeUndefined();
  });
});

describe.each(apiServers())('an agent on $name', ({ open }) => {
  let server: OpenApiServer;
  let fixture: AgentFixture;

  beforeAll(async () => {
    server = await open();
  });
  afterAll(() => server?.stop());
  afterEach(() => fixture?.stop());

  async function start(): Promise<AgentFixture> {
    fixture = new AgentFixture({ transport: server.transport, namespace: `flotilla-${++count}` });
    await fixture.start();
    return fixture;
  }

  const data = async (name: string) =>
    (await fixture.get('ConfigMap', name))?.data as Record<string, string> | undefined;
  const app = (...parts: string[]) => Object.fromEntries(parts.map((text, index) => [`app/${index}.yaml`, text]));

  /** Orders files and waits until they are in step. */
  async function running(files: Record<string, string>, over: Parameters<AgentFixture['entry']>[1] = {}) {
    const entry = fixture.entry(fixture.git.commit(files), over);
    fixture.plane.order(entry);
    await fixture.synced(entry.target, entry.source.revision);
    return entry;
  }

  it('applies what Git holds, reports it, and prunes what Git gives up', async () => {
    await start();
    await running(app(configMap('one'), configMap('two')));
    expect([await data('one'), await data('two')]).toEqual([{ a: '1' }, { a: '1' }]);
    await running(app(configMap('one', { a: '2' })));
    expect([await data('one'), await data('two')]).toEqual([{ a: '2' }, undefined]);
    expect(fixture.plane.status('target1')).toMatchObject({
      sync: 'Synced',
      health: 'Healthy',
      resources: [{ kind: 'ConfigMap', name: 'one', sync: 'Synced', health: 'Healthy' }],
    });
  });

  it('sends nothing when nothing changed, also after a restart', async () => {
    await start();
    await running(app(configMap('one'), deployment('a:1', 0)));
    const versions = async () => [(await fixture.get('ConfigMap', 'one'))?.metadata.resourceVersion];
    await fixture.agent.reconciler.settled();
    const before = await versions();
    await fixture.restart();
    await until(() => fixture.plane.hellos.length > 1, { what: 'the restarted agent' });
    fixture.agent.reconciler.lookAtAll();
    await fixture.agent.reconciler.settled();
    expect(await versions()).toEqual(before);
  });

  it('takes back what somebody changed, within a second, and names who it was', async () => {
    await start();
    await running(app(configMap('one')));
    const key = { group: '', kind: 'ConfigMap', namespace: `${fixture.namespace}-apps`, name: 'one' };
    await fixture.client.mergePatch(key, { data: { a: 'by hand', b: 'theirs' } }, { manager: 'kubectl-edit' });
    await until(async () => (await data('one'))?.a === '1', { what: 'the value of Git', timeoutMs: 1_000 });
    expect(await data('one')).toEqual({ a: '1', b: 'theirs' });
    const { drift } = await fixture.reported('target1', (status) => (status.drift?.length ?? 0) > 0);
    expect(drift).toMatchObject([
      { object: expect.stringContaining('ConfigMap'), field: '.data.a', manager: 'kubectl-edit', corrected: true },
    ]);
    await fixture.client.delete(key, { propagation: 'Background' });
    await until(async () => (await data('one'))?.a === '1', { what: 'the object to be back', timeoutMs: 2_000 });
  });

  it('takes back what somebody changed in a Secret that Git has as text', async () => {
    await start();
    const text = 'apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {a: "1"}\n';
    await running(app(text));
    const key = { group: '', kind: 'Secret', namespace: `${fixture.namespace}-apps`, name: 'key' };
    const value = async () => ((await fixture.get('Secret', 'key'))?.data as Record<string, string> | undefined)?.a;
    await fixture.client.mergePatch(key, { stringData: { a: 'by hand' } }, { manager: 'kubectl-edit' });
    await until(async () => (await value()) === 'MQ==', { what: 'the value of Git', timeoutMs: 5_000 });
  });

  it('only reports drift where it was told to', async () => {
    await start();
    const sync = { prune: true, drift: 'report' as const, adopt: false, createNamespace: true };
    await running(app(configMap('one')), { sync });
    const key = { group: '', kind: 'ConfigMap', namespace: `${fixture.namespace}-apps`, name: 'one' };
    await fixture.client.mergePatch(key, { data: { a: 'by hand' } }, { manager: 'kubectl-edit' });
    const status = await fixture.reported('target1', ({ sync: word }) => word === 'OutOfSync');
    expect(status.reason).toMatchObject({ code: 'Drifted', message: expect.stringContaining('kubectl-edit') });
    expect(await data('one')).toEqual({ a: 'by hand' });
  });

  it('hand-edited image, autoscaled replicas, next revision: the image is of Git, the replicas are of the autoscaler', async () => {
    await start();
    await running(app(deployment('shop:1', 2), autoscaler));
    const key = { group: 'apps', kind: 'Deployment', namespace: `${fixture.namespace}-apps`, name: 'web' };
    const containers = [{ name: 'app', image: 'by:hand' }];
    await fixture.client.mergePatch(key, { spec: { template: { spec: { containers } } } }, { manager: 'kubectl-edit' });
    await fixture.client.mergePatch(
      key,
      { spec: { replicas: 7 } },
      { manager: 'kube-controller-manager', subresource: 'scale' },
    );
    await until(async () => imageOf(await fixture.get('Deployment', 'web')) === 'shop:1', { what: 'the image of Git' });
    await running(app(deployment('shop:2', 3), autoscaler));
    const live = await fixture.get('Deployment', 'web');
    expect({ image: imageOf(live), replicas: replicasOf(live) }).toEqual({ image: 'shop:2', replicas: 7 });
    await fixture.client.mergePatch(
      key,
      { spec: { replicas: 5 } },
      { manager: 'kube-controller-manager', subresource: 'scale' },
    );
    await fixture.agent.reconciler.settled();
    expect(replicasOf(await fixture.get('Deployment', 'web'))).toBe(5);
  });

  it('never takes from the autoscaler what it sets in the very moment in which an edit is taken back', async () => {
    await start();
    await running(app(deployment('shop:1', 2), autoscaler));
    const key = { group: 'apps', kind: 'Deployment', namespace: `${fixture.namespace}-apps`, name: 'web' };
    for (let round = 1; round <= 15; round++) {
      const spec = { template: { spec: { containers: [{ name: 'app', image: `by:hand-${round}` }] } } };
      const replicas = 2 + (round % 5);
      await Promise.all([
        fixture.client.mergePatch(key, { spec }, { manager: 'kubectl-edit' }),
        fixture.client.mergePatch(
          key,
          { spec: { replicas } },
          { manager: 'kube-controller-manager', subresource: 'scale' },
        ),
      ]);
      await until(async () => imageOf(await fixture.get('Deployment', 'web')) === 'shop:1', {
        what: 'the image of Git',
      });
      await fixture.agent.reconciler.settled();
      expect(replicasOf(await fixture.get('Deployment', 'web'))).toBe(replicas);
    }
  });

  it('without an autoscaler, replicas that are changed by hand are drift like any other', async () => {
    await start();
    await running(app(deployment('shop:1', 2)));
    const key = { group: 'apps', kind: 'Deployment', namespace: `${fixture.namespace}-apps`, name: 'web' };
    await fixture.client.mergePatch(key, { spec: { replicas: 7 } }, { manager: 'kubectl', subresource: 'scale' });
    await until(async () => replicasOf(await fixture.get('Deployment', 'web')) === 2, { what: 'the replicas of Git' });
  });

  describe('AT-03 ownership is proven, not inferred', () => {
    it('leaves copies of our labels and annotations alone when ours changes, leaves Git, and the target goes', async () => {
      await start();
      const entry = await running(app(configMap('ours')));
      const ours = (await fixture.get('ConfigMap', 'ours'))!;
      const { labels, annotations = {} } = ours.metadata;
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'ours', uid: ours.metadata.uid!, controller: false };
      // A second owner that stays keeps the cluster's own garbage collector out of this.
      const anchored = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'anchor', namespace: `${fixture.namespace}-apps` },
      };
      const created = await fixture.client.create(anchored, { manager: 'copier' });
      const anchor = { ...owner, name: 'anchor', uid: created.kind === 'created' ? created.object.metadata.uid! : '' };
      const copy = (name: string, namespace: string, extra = {}) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace, labels, annotations, ...extra },
        data: { theirs: 'yes' },
      });
      const home = `${fixture.namespace}-apps`;
      const elsewhere = `${fixture.namespace}-else`;
      await fixture.ensureNamespace(elsewhere);
      const clusterRole = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: `copy-${fixture.namespace}`, labels, annotations },
        rules: [],
      };
      const copies = [
        copy('copied', home),
        copy('owned', home, { ownerReferences: [owner, anchor] }),
        copy('ours', elsewhere),
        clusterRole,
      ];
      for (const object of copies) await fixture.client.create(object as KubeObject, { manager: 'copier' });
      const seen = async () =>
        Promise.all(
          copies.map(async ({ kind, metadata }) => {
            const group = kind === 'ClusterRole' ? 'rbac.authorization.k8s.io' : '';
            const namespace = 'namespace' in metadata ? { namespace: metadata.namespace } : {};
            const found = await fixture.client.get({ group, kind, name: metadata.name, ...namespace });
            const { uid, labels: own, deletionTimestamp, managedFields = [] } = found?.metadata ?? {};
            return [
              uid,
              own,
              deletionTimestamp,
              found?.data,
              managedFields.map(({ manager }) => manager).includes('flotilla'),
            ];
          }),
        );
      const before = await seen();
      await running(app(configMap('ours', { a: '2' })));
      await running(app(configMap('other')));
      expect(await data('ours')).toBeUndefined();
      fixture.plane.order({ ...entry, intent: 'delete' });
      await fixture.reported('target1', ({ gone }) => gone === true, 'the target to be gone');
      expect(await seen()).toEqual(before);
    });

    it('does not prune what somebody deleted and made again under the same name, and says so', async () => {
      await start();
      await running(app(configMap('kept'), configMap('replaced')));
      const key = { group: '', kind: 'ConfigMap', namespace: `${fixture.namespace}-apps`, name: 'replaced' };
      await fixture.annotateRecord('target1', { 'flotilla.dev/suspend': 'swapping' });
      await fixture.reported('target1', ({ reason }) => reason?.code === 'Suspended');
      const { labels } = (await fixture.client.get(key))!.metadata;
      await fixture.client.delete(key, { propagation: 'Background' });
      const theirs = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'replaced', namespace: key.namespace, labels },
        data: { theirs: 'yes' },
      };
      await fixture.client.create(theirs as KubeObject, { manager: 'somebody' });
      await fixture.annotateRecord('target1', { 'flotilla.dev/suspend': null });
      const status = await fixture.reported(
        'target1',
        ({ reason }) => reason?.code === 'OwnershipLost',
        'the loss to be told',
      );
      expect(status.reason!.message).toContain('somebody');
      await running(app(configMap('kept')));
      expect(await data('replaced')).toEqual({ theirs: 'yes' });
    });
  });

  describe('AT-04 adoption is a decision', () => {
    async function foreign(name: string) {
      const namespace = `${fixture.namespace}-apps`;
      await fixture.ensureNamespace(namespace);
      const object = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace },
        data: { a: 'theirs', b: 'also' },
      };
      await fixture.client.create(object as KubeObject, { manager: 'somebody' });
    }

    it('reports a conflict that names the other manager, and changes nothing', async () => {
      await start();
      await foreign('there');
      const before = await fixture.get('ConfigMap', 'there');
      fixture.run(app(configMap('there'), configMap('fresh')));
      const status = await fixture.reported('target1', ({ reason }) => reason?.code === 'Conflict');
      expect(status.reason!.message).toContain('somebody');
      expect(await fixture.get('ConfigMap', 'there')).toEqual(before);
      expect(await data('fresh')).toEqual({ a: '1' });
    });

    it('takes it with adopt, and leaves it in place when the target is deleted', async () => {
      await start();
      await foreign('there');
      const sync = { prune: true, drift: 'correct' as const, adopt: true, createNamespace: true };
      const entry = await running(app(configMap('there'), configMap('fresh')), { sync });
      expect(await data('there')).toEqual({ a: '1', b: 'also' });
      fixture.plane.order({ ...entry, intent: 'delete' });
      await fixture.reported('target1', ({ gone }) => gone === true);
      expect([await data('there'), await data('fresh')]).toEqual([{ a: '1', b: 'also' }, undefined]);
      expect((await fixture.get('ConfigMap', 'there'))!.metadata.labels ?? {}).toEqual({});
    });

    it('gives an object that two targets declare to the first, and never writes in turns', async () => {
      await start();
      await running(app(configMap('shared', { of: 'first' })));
      fixture.run(app(configMap('shared', { of: 'second' })), { target: 'target2', environment: 'staging' });
      await fixture.reported('target2', ({ reason }) => reason?.code === 'Conflict');
      const before = (await fixture.get('ConfigMap', 'shared'))!.metadata.resourceVersion;
      for (let round = 0; round < 10; round++) {
        fixture.agent.reconciler.lookAtAll();
        await fixture.agent.reconciler.settled();
      }
      const after = (await fixture.get('ConfigMap', 'shared'))!;
      expect([after.metadata.resourceVersion, after.data]).toEqual([before, { of: 'first' }]);
    });
  });

  it.each([
    ['Argo CD', 'argocd-controller', 'apply'],
    ['Argo CD on the client side', 'kubectl-client-side-apply', 'create'],
  ] as const)('takes over what %s applied: fields, leftovers and marks', async (_, manager, verb) => {
    await start();
    const namespace = `${fixture.namespace}-apps`;
    await fixture.client.create(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { manager: 'somebody' },
    );
    const tracking = 'argocd.argoproj.io/tracking-id';
    const annotations = { [tracking]: 'shop', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    const theirs = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'one', namespace, annotations },
      data: { a: '1', old: 'of the tool' },
    };
    if (verb === 'apply') await fixture.client.apply(theirs, { manager, force: true });
    else await fixture.client.create(theirs, { manager });
    const key = { group: '', kind: 'ConfigMap', namespace, name: 'one' };
    await fixture.client.mergePatch(key, { data: { mine: 'by hand' } }, { manager: 'kubectl-edit' });
    const sync = { prune: true, drift: 'correct' as const, adopt: false, createNamespace: true };
    await running(app(configMap('one')), { sync: { ...sync, takeOverFrom: ['argocd'] } });
    const { data: left, metadata } = (await fixture.get('ConfigMap', 'one'))!;
    const managers = metadata.managedFields!.map(({ manager: name, operation }) => `${name} ${operation}`);
    expect([left, metadata.annotations ?? {}, managers.toSorted()]).toEqual([
      { a: '1', mine: 'by hand' },
      {},
      ['flotilla Apply', 'kubectl-edit Update'],
    ]);
  });

  describe('a set that the API server would not take whole', () => {
    const order = (files: Record<string, string>) => {
      const entry = fixture.entry(fixture.git.commit(files));
      fixture.plane.order(entry);
      return entry;
    };

    it('is stopped before its first write by one invalid object, which is named with its field and line', async () => {
      await start();
      order(app(configMap('one'), deployment('a:1', -1)));
      const { reason } = await fixture.reported('target1', (status) => status.reason?.code === 'ObjectInvalid');
      expect([await data('one'), reason!.message]).toEqual([
        undefined,
        expect.stringMatching(/^nothing was applied: app\/1\.yaml:5: .*spec\.replicas: Invalid value/),
      ]);
    });

    it('names the way out where a field cannot be changed in place, and goes it when it is asked to', async () => {
      await start();
      await running(app(configMap('one', { a: '1' }, 'immutable: true\n'), configMap('two')));
      const first = await fixture.get('ConfigMap', 'one');
      order(app(configMap('one', { a: '2' }, 'immutable: true\n'), configMap('two', { a: '2' })));
      const { reason } = await fixture.reported('target1', (status) => status.reason?.code === 'FieldImmutable');
      expect([await data('two'), reason!.message]).toEqual([
        { a: '1' },
        expect.stringContaining('flotilla.dev/replace'),
      ]);
      const asked = '  annotations: {flotilla.dev/replace: "true"}\nimmutable: true\n';
      await running(app(configMap('one', { a: '2' }, asked), configMap('two', { a: '2' })));
      const second = await fixture.get('ConfigMap', 'one');
      expect([second!.data, second!.metadata.uid === first!.metadata.uid]).toEqual([{ a: '2' }, false]);
    });
  });

  it('stops every write when a person says so in the cluster, and goes on when they take it back', async () => {
    await start();
    await running(app(configMap('one')));
    const suspend = (value: string | null) => fixture.annotateRecord('target1', { 'flotilla.dev/suspend': value });
    await suspend('looking into it');
    await fixture.reported('target1', ({ reason }) => reason?.code === 'Suspended');
    const key = { group: '', kind: 'ConfigMap', namespace: `${fixture.namespace}-apps`, name: 'one' };
    await fixture.client.mergePatch(key, { data: { a: 'by hand' } }, { manager: 'kubectl-edit' });
    const status = await fixture.reported('target1', ({ sync }) => sync === 'OutOfSync');
    expect(status.reason).toMatchObject({ code: 'Suspended', message: expect.stringContaining('looking into it') });
    expect(await data('one')).toEqual({ a: 'by hand' });
    await suspend(null);
    await until(async () => (await data('one'))?.a === '1', { what: 'the value of Git' });
  });

  it('prunes nothing unless the whole picture is sound', async () => {
    await start();
    const many = Array.from({ length: 10 }, (_, index) => configMap(`c${index}`));
    await running(app(...many));
    const kept = async () => (await Promise.all(many.map((_, index) => data(`c${index}`)))).filter(Boolean).length;
    fixture.run(app('this: is\n  not: yaml'));
    await fixture.reported('target1', ({ reason }) => reason?.code === 'ManifestsInvalid');
    expect(await kept()).toBe(10);
    fixture.run({ 'app/readme.txt': 'nothing here' });
    const empty = await fixture.reported('target1', ({ reason }) => reason?.code === 'EmptySource');
    expect([await kept(), empty.sync]).toEqual([10, 'OutOfSync']);
    fixture.run(app(...many.slice(0, 4)));
    const large = await fixture.reported('target1', ({ reason }) => reason?.code === 'ApprovalRequired');
    expect(await kept()).toBe(10);
    const [, approval] = /approve-prune=(\w+)/.exec(large.reason!.message)!;
    await fixture.annotateRecord('target1', { 'flotilla.dev/approve-prune': approval! });
    await fixture.reported('target1', ({ sync }) => sync === 'Synced');
    expect(await kept()).toBe(4);
  });

  it('goes on from what the cluster keeps when control plane and Git are gone', async () => {
    await start();
    await running(app(configMap('one')));
    await fixture.agent.reconciler.settled();
    fixture.plane.connected = false;
    fixture.gitHost.gone = true;
    await fixture.restart();
    const key = { group: '', kind: 'ConfigMap', namespace: `${fixture.namespace}-apps`, name: 'one' };
    await fixture.client.mergePatch(key, { data: { a: 'by hand' } }, { manager: 'kubectl-edit' });
    await until(async () => (await data('one'))?.a === '1', { what: 'the value of Git, without Git' });
  });

  it('keeps a target that the set no longer lists, and never deletes it for that', async () => {
    await start();
    await running(app(configMap('one')));
    fixture.plane.unlist('target1');
    await until(() => fixture.agent.reconciler.memory('target1')?.entry === undefined, { what: 'the set without it' });
    await fixture.agent.reconciler.settled();
    expect(await data('one')).toEqual({ a: '1' });
  });

  it('AT-03: deletes nothing of what it made, after everything that it kept was deleted while it was stopped', async () => {
    await start();
    await running(app(configMap('one'), configMap('two')));
    await fixture.agent.stop();
    const { client, namespace } = fixture;
    for (const { metadata } of (await client.list({ group: '', kind: 'Secret' }, { namespace })).items) {
      await client.delete(
        { group: '', kind: 'Secret', namespace, name: metadata.name },
        { uid: metadata.uid!, propagation: 'Background' },
      );
    }
    fixture.plane.order(fixture.entry(fixture.git.commit(app(configMap('one'))), { intent: 'delete' }));
    fixture.replaceAgent();
    await fixture.agent.start();
    await fixture.reported('target1', ({ gone }) => gone === true, 'that it left');
    expect([await data('one'), await data('two')]).toEqual([{ a: '1' }, { a: '1' }]);
  });
});
