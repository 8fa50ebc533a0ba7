import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DesiredEntry, KubeObject } from '@flotilla/model';
import { until } from '@flotilla/testing';
import { AgentFixture } from '../support/agent-fixture.ts';
import { apiServers, type OpenApiServer } from '../support/api-servers.ts';

let count = 0;

/** As people write it: a port without its protocol, amounts that the server writes otherwise. */
const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {team: shop}}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          image: shop:1
          ports: [{containerPort: 80, name: http}]
          resources: {limits: {cpu: 1000m, memory: 1024Mi}}
          env: [{name: MODE, value: fast}]
`;
const container = '.spec.template.spec.containers[name="app"]';
const sync = { prune: true, drift: 'correct', adopt: false, createNamespace: true } as const;

describe.each(apiServers())('drift on $name', ({ open }) => {
  let server: OpenApiServer;
  let fixture: AgentFixture;

  beforeAll(async () => {
    server = await open();
  });
  afterAll(() => server?.stop());
  afterEach(() => fixture?.stop());

  async function running(over: Partial<DesiredEntry['sync']>): Promise<DesiredEntry> {
    fixture = new AgentFixture({ transport: server.transport, namespace: `drift-${++count}` });
    await fixture.start();
    const entry = fixture.entry(fixture.git.commit({ 'app/0.yaml': manifest }), { sync: { ...sync, ...over } });
    fixture.plane.order(entry);
    await fixture.synced(entry.target, entry.source.revision);
    return entry;
  }

  const live = async () => (await fixture.get('Deployment', 'web'))!;
  const key = () => ({ group: 'apps', kind: 'Deployment', namespace: `${fixture.namespace}-apps`, name: 'web' });
  const containerOf = ({ spec }: KubeObject) =>
    (spec as { template: { spec: { containers: Record<string, unknown>[] } } }).template.spec.containers[0]!;

  /** Changes the container as `kubectl edit` does. */
  async function edit(change: object, manager = 'kubectl-edit'): Promise<string> {
    const object = await live();
    const containers = [{ ...containerOf(object), ...change }];
    await fixture.client.mergePatch(key(), { spec: { template: { spec: { containers } } } }, { manager });
    return (await live()).metadata.resourceVersion!;
  }

  async function versionAfterLooking(): Promise<string> {
    fixture.agent.reconciler.lookAtAll();
    await fixture.agent.reconciler.settled();
    return (await live()).metadata.resourceVersion!;
  }

  it('AT-31: what is ignored is Synced whoever changed it: nothing is written, not after a restart, and a sync leaves it', async () => {
    const pointer = '/spec/template/spec/containers/0/image';
    const ignore = [{ jsonPointers: [pointer] }, { kind: 'Deploy*', managers: ['injector'] }];
    await running({ ignore });
    await edit({ image: 'by:hand' });
    const version = await edit({ env: [{ name: 'MODE', value: 'slow' }] }, 'injector');
    const afterwards = [await versionAfterLooking()];
    await fixture.restart();
    await until(() => fixture.plane.hellos.length > 1, { what: 'the restarted agent' });
    afterwards.push(await versionAfterLooking());
    const status = fixture.plane.status('target1');
    expect([afterwards, status?.sync, status?.drift]).toEqual([[version, version], 'Synced', undefined]);
    const files = { 'app/0.yaml': manifest.replace('team: shop', 'team: other') };
    const entry = fixture.entry(fixture.git.commit(files), { sync: { ...sync, ignore } });
    fixture.plane.order(entry);
    await fixture.synced(entry.target, entry.source.revision);
    const { image, env } = containerOf(await live());
    expect([image, env]).toEqual(['by:hand', [{ name: 'MODE', value: 'slow' }]]);
  });

  it('is told by field, manager, operation and time, and by nothing that only looks different', async () => {
    await running({ drift: 'report' });
    await edit({
      ports: [{ containerPort: 80, name: 'web' }],
      resources: { limits: { cpu: '1', memory: '2Gi' } },
      env: [],
    });
    await fixture.client.mergePatch(key(), { metadata: { labels: { team: null } } }, { manager: 'kubectl-label' });
    const { drift = [] } = await fixture.reported('target1', (status) => status.drift?.length === 4);
    const by = { object: `Deployment ${fixture.namespace}-apps/web`, operation: 'Update', at: expect.any(String) };
    expect(drift.toSorted((left, right) => left.field.localeCompare(right.field))).toEqual([
      // Nobody owns what is gone: whoever wrote last is named.
      { ...by, field: '.metadata.labels.team', manager: expect.any(String), removed: true, corrected: false },
      { ...by, field: `${container}.env[name="MODE"]`, manager: expect.any(String), removed: true, corrected: false },
      {
        ...by,
        field: `${container}.ports[containerPort=80,protocol="TCP"].name`,
        manager: 'kubectl-edit',
        corrected: false,
      },
      { ...by, field: `${container}.resources.limits.memory`, manager: 'kubectl-edit', corrected: false },
    ]);
  });

  it('is corrected in the fields where it shall be, and only reported in others, also after a restart', async () => {
    await running({ driftRules: [{ jsonPointers: ['/spec/template/spec/containers/0/image'], mode: 'report' }] });
    await edit({ image: 'by:hand', env: [{ name: 'MODE', value: 'slow' }] });
    await until(async () => JSON.stringify(containerOf(await live())['env']).includes('fast'), {
      what: 'the value of Git',
    });
    const told = () =>
      fixture.reported('target1', ({ drift = [] }) => drift.some(({ field }) => field === `${container}.image`));
    await fixture.restart();
    await until(() => fixture.plane.hellos.length > 1, { what: 'the restarted agent' });
    await versionAfterLooking();
    const { sync: word } = await told();
    expect([containerOf(await live())['image'], word]).toEqual(['by:hand', 'OutOfSync']);
  });

  it('is let be where a person says so on the object', async () => {
    await running({});
    const annotations = { 'flotilla.dev/drift': 'report' };
    await fixture.client.mergePatch(key(), { metadata: { annotations } }, { manager: 'kubectl-annotate' });
    await edit({ image: 'by:hand' });
    await fixture.reported('target1', (status) => status.sync === 'OutOfSync');
    await fixture.client.mergePatch(
      key(),
      { metadata: { annotations: { 'flotilla.dev/drift': null } } },
      { manager: 'kubectl-annotate' },
    );
    await until(async () => containerOf(await live())['image'] === 'shop:1', { what: 'the image of Git' });
  });
});
