import { describe, expect, it } from 'vitest';
import { aggregated, group, kind, scriptedClient } from '../testing/index.ts';

const widget = { group: 'example.org', kind: 'Widget' };
const widgets = aggregated([group('example.org', 'v1', [kind('widgets', 'Widget', 'Cluster')])]);

function resources(...names: [string, string][]) {
  const served = names.map(([name, kindName]) => ({ name, kind: kindName, namespaced: true, verbs: ['get'] }));
  return { json: { resources: served } };
}

describe('the table of kinds', () => {
  it('knows how each kind is served', async () => {
    const { client } = scriptedClient();
    expect((await client.kinds.table()).resolve({ group: 'apps', kind: 'Deployment' })).toEqual({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
      plural: 'deployments',
      namespaced: true,
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      subresources: ['status'],
    });
  });

  it('prefers the version that the server names first, and finds the others by name', async () => {
    const { transport, client } = scriptedClient();
    const versions = ['v2', 'v1beta1'].map((version) => ({ version, resources: [kind('widgets', 'Widget')] }));
    transport.on('GET /apis', [aggregated([{ metadata: { name: 'example.org' }, versions }])]);
    const table = await client.kinds.table();
    expect([undefined, 'v1beta1', 'v1'].map((version) => table.resolve(widget, version)?.version)).toEqual([
      'v2',
      'v1beta1',
      undefined,
    ]);
  });

  it('is read once for many, and again when a kind is missing, but not all the time', async () => {
    const { transport, client, clock } = scriptedClient();
    await Promise.all([client.kinds.find(widget), client.kinds.find(widget), client.kinds.table()]);
    expect(transport.seen).toEqual(['GET /api', 'GET /apis']);
    await client.kinds.find(widget);
    expect(transport.seen).toHaveLength(2);
    await clock.advance(5_000);
    await Promise.all([client.kinds.find(widget), client.kinds.find(widget)]);
    expect(transport.seen).toHaveLength(4);
  });

  it('finds a kind that was defined since', async () => {
    const { transport, client, clock } = scriptedClient();
    await expect(client.kinds.require(widget)).rejects.toMatchObject({ reason: 'KindUnknown' });
    transport.on('GET /apis', [widgets]);
    await clock.advance(5_000);
    expect(await client.kinds.require(widget)).toMatchObject({ plural: 'widgets', namespaced: false });
  });

  it('is read again at once when told to', async () => {
    const { transport, client } = scriptedClient();
    await client.kinds.table();
    transport.on('GET /apis', [widgets]);
    expect((await client.kinds.refresh()).resolve(widget)).toMatchObject({ plural: 'widgets' });
  });

  it('costs nothing when nothing has changed', async () => {
    const { transport, client } = scriptedClient();
    const first = aggregated([group('example.org', 'v1', [kind('widgets', 'Widget')])], '"one"');
    transport.on('GET /apis', ({ headers }) => (headers['if-none-match'] === '"one"' ? { status: 304 } : first));
    await client.kinds.table();
    expect((await client.kinds.refresh()).resolve(widget)).toMatchObject({ plural: 'widgets' });
  });

  it('shows a group that does not answer, keeps its last word, and has all the others', async () => {
    const { transport, client } = scriptedClient();
    transport.on('GET /apis', [
      widgets,
      aggregated([group('example.org', 'v1', [], 'Stale'), group('apps', 'v1', [])]),
    ]);
    await client.kinds.table();
    const table = await client.kinds.refresh();
    expect(table.failedGroups).toEqual(['example.org']);
    expect(table.resolve(widget)).toMatchObject({ plural: 'widgets' });
    expect(table.resolve({ group: '', kind: 'ConfigMap' })).toBeDefined();
  });

  it('forgets a kind whose group answers without it', async () => {
    const { transport, client } = scriptedClient();
    transport.on('GET /apis', [widgets, aggregated([group('example.org', 'v1', [])])]);
    await client.kinds.table();
    expect((await client.kinds.refresh()).resolve(widget)).toBeUndefined();
  });

  it.each([
    [{ group: 'apps', kind: 'Deploymnt' }, undefined, 'or is apps/v1 Deployment meant?'],
    [{ group: 'apps', kind: 'Deployment' }, 'v1beta1', 'it serves v1 of it'],
    [{ group: 'metrics.k8s.io', kind: 'PodMetrics' }, undefined, 'its group metrics.k8s.io does not answer at present'],
    [widget, undefined, 'is its CustomResourceDefinition installed?'],
  ])('says about %j %s: %s', async (groupKind, version, words) => {
    const { transport, client } = scriptedClient();
    const apps = group('apps', 'v1', [kind('deployments', 'Deployment')]);
    transport.on('GET /apis', [aggregated([apps, group('metrics.k8s.io', 'v1', [], 'Stale')])]);
    await expect(client.kinds.require(groupKind, version)).rejects.toMatchObject({
      reason: 'KindUnknown',
      message: expect.stringContaining(words),
      consequence: { kind: 'wait' },
    });
  });

  it('is not a reason to ask the server again and again when the path of a kind is denied', async () => {
    const { transport, client } = scriptedClient();
    const key = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
    for (let time = 0; time < 5; time++) await client.get(key).catch(() => undefined);
    expect(transport.seen.filter((seen) => seen === 'GET /apis')).toHaveLength(1);
  });
});

/** It names its groups, and one of them is down. */
function plainServer() {
  const scripted = scriptedClient();
  scripted.transport
    .on('GET /api', [{ json: { kind: 'APIVersions', versions: ['v1'] } }])
    .on('GET /api/v1', [resources(['pods', 'Pod'], ['pods/status', 'Pod'], ['pods/log', 'Pod'])])
    .on('GET /apis', [
      {
        json: {
          groups: [
            {
              name: 'example.org',
              versions: [{ version: 'v1' }, { version: 'v2' }],
              preferredVersion: { version: 'v2' },
            },
            { name: 'broken.org', versions: [{ version: 'v1' }] },
          ],
        },
      },
    ])
    .on('GET /apis/example.org/v1', [resources(['widgets', 'Widget'])])
    .on('GET /apis/example.org/v2', [resources(['widgets', 'Widget'])])
    .on('GET /apis/broken.org/v1', [{ status: 503, text: 'service unavailable' }]);
  return scripted;
}

describe('a server without the aggregated document', () => {
  it('is asked group by group, and one that is down does not hide the others', async () => {
    const table = await plainServer().client.kinds.table();
    expect(table.failedGroups).toEqual(['broken.org']);
    expect(table.resolve({ group: '', kind: 'Pod' })).toMatchObject({
      plural: 'pods',
      subresources: ['status', 'log'],
    });
    expect(table.resolve(widget)?.version).toBe('v2');
  });

  it.each([
    ['nonsense', { text: '<html>' }],
    ['a broken connection', { fails: new Error('read ECONNRESET') }],
  ])('survives %s from one group', async (_, answer) => {
    const { transport, client, clock } = plainServer();
    transport.on('GET /apis/broken.org/v1', [answer]);
    const table = client.kinds.table();
    await clock.advance(20_000);
    expect((await table).failedGroups).toEqual(['broken.org']);
  });

  it('that does not answer at all is a fault, and is asked again the next time', async () => {
    const { transport, client } = plainServer();
    transport.on('GET /apis', [{ status: 500, text: 'boom' }, { json: { groups: [] } }]);
    await expect(client.kinds.table()).rejects.toMatchObject({ reason: 'ApiServerFailed', subject: '/apis' });
    expect((await client.kinds.table()).failedGroups).toEqual([]);
  });
});
