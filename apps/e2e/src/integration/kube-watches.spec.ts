import { systemClock, systemRandom } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import { watchKind } from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { apiServers } from '../support/api-servers.ts';
import { configMap, keyIn, reasonOf, startProxy, KubeClientFixture } from '../support/kube-client-fixture.ts';

const configMaps = { group: '', kind: 'ConfigMap' };

process.stdout.write('watches: one case is for kubesim alone, a place that the server has forgotten\n');

describe.each(apiServers())('lists and watches of $name', ({ open, isReal }) => {
  let api: KubeClientFixture;
  beforeAll(async () => {
    api = await KubeClientFixture.open(open);
  });
  afterAll(() => api?.stop());

  it('lists page by page', async () => {
    const namespace = await api.newNamespace();
    const names = Array.from({ length: 25 }, (_, index) => `object-${index + 10}`);
    await Promise.all(names.map((name) => api.apply(configMap(namespace, {}, { name, labels: { team: 'a' } }))));
    const selection = { namespace, labelSelector: 'team=a', limit: 10 };
    const { items } = await api.client.list(configMaps, selection);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
    const [first] = (await api.client.list(configMaps, { ...selection, metadataOnly: true })).items;
    expect(first).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'object-10' } });
    expect(first).not.toHaveProperty('data');
  });

  it('follows a kind through broken connections without losing or repeating anything', async () => {
    const namespace = await api.newNamespace();
    const proxy = await startProxy(api.server.url);
    const behind = api.clientOf(proxy.url);
    const told: string[] = [];
    await api.apply(configMap(namespace, { round: '0' }, { name: 'a' }));
    const cache = watchKind(behind.client, configMaps, {
      namespace,
      keep: ({ data }) => (data as { round: string }).round,
      onChange: (event) =>
        told.push(
          event.type === 'synced' || event.type === 'reset'
            ? event.type
            : `${event.type} ${event.key.name} ${event.kept}`,
        ),
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
      await api.apply(configMap(namespace, { round }, { name: 'a' }));
      await until(() => cache.get(keyIn(namespace, 'a')) === round, { what: `round ${round}` });
      proxy.cut();
      await api.apply(configMap(namespace, { round }, { name: `b-${round}` }));
    }
    await api.client.delete(keyIn(namespace, 'b-1'), { propagation: 'Background' });
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
    const namespace = await api.newNamespace();
    const proxy = await startProxy(api.server.url);
    const behind = api.clientOf(proxy.url);
    const told: string[] = [];
    await Promise.all(['stays', 'goes'].map((name) => api.apply(configMap(namespace, {}, { name }))));
    const cache = watchKind(behind.client, configMaps, {
      namespace,
      keep: () => undefined,
      onChange: (event) =>
        told.push(event.type === 'synced' || event.type === 'reset' ? event.type : `${event.type} ${event.key.name}`),
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
    await api.client.delete(keyIn(namespace, 'goes'), { propagation: 'Background' });
    await api.apply(configMap(namespace, {}, { name: 'comes' }));
    api.server.compact!();
    proxy.refuse(false);
    await until(() => told.includes('synced'), { what: 'the new list' });
    expect(told).toEqual(['added comes', 'removed goes', 'synced']);
    expect(cache.health()).toMatchObject({ relists: 1, poisoned: 0 });
  });

  it('follows metadata alone', async () => {
    const namespace = await api.newNamespace();
    const seen: KubeObject[] = [];
    const cache = watchKind(api.client, configMaps, {
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
    await api.apply(configMap(namespace, { color: 'red' }, { labels: { team: 'a' } }));
    await until(() => seen.length === 1, { what: 'the event' });
    expect(seen[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } });
    expect(seen[0]).not.toHaveProperty('data');
  });

  it('waits for a kind that is defined later, and lets it go when its definition goes', async () => {
    const widgets = { group: 'example.org', kind: 'Widget' };
    const told: string[] = [];
    const cache = watchKind(api.client, widgets, {
      keep: ({ metadata }) => metadata.name,
      onChange: (event) =>
        told.push(event.type === 'synced' || event.type === 'reset' ? event.type : `${event.type} ${event.kept}`),
      clock: systemClock,
      random: systemRandom,
    });
    onTestFinished(() => cache.stop());
    await api.apply(widgetDefinition);
    const widget = { apiVersion: 'example.org/v1', kind: 'Widget', metadata: { name: 'one' }, spec: { size: 1 } };
    await until(async () => (await reasonOf(api.apply(widget))) === 'no fault', {
      what: 'the widget',
      timeoutMs: 30_000,
    });
    await until(() => told.includes('added one'), { what: 'the watch of widgets', timeoutMs: 30_000 });
    const definition = {
      group: 'apiextensions.k8s.io',
      kind: 'CustomResourceDefinition',
      name: 'widgets.example.org',
    };
    await api.client.delete(definition, { propagation: 'Background' });
    await until(() => told.at(-1) === 'removed one', { what: 'the removal', timeoutMs: 60_000 });
    expect([...cache.all()]).toEqual([]);
  });
});

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
