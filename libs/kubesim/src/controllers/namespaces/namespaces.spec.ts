import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';
import { webDeployment } from '../../testing/workloads.ts';

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const path = '/api/v1/namespaces/shop';

describe('a namespace', () => {
  it('has a service account and the certificate of the API server, which come back when they are deleted', async () => {
    await cluster.apply(shop);
    await cluster.advance(100);
    await cluster.delete(`${path}/configmaps/kube-root-ca.crt`);
    await cluster.advance(100);
    const names = async (plural: string) =>
      (await cluster.items(`${path}/${plural}`)).map(({ metadata }) => metadata.name);
    expect(await names('serviceaccounts')).toEqual(['default']);
    expect(await names('configmaps')).toEqual(['kube-root-ca.crt']);
  });

  it('goes with everything in it', async () => {
    await cluster.apply(shop);
    const web = webDeployment('nginx:1', { replicas: 2 });
    await cluster.apply({ ...web, metadata: { name: 'web', namespace: 'shop' } });
    await cluster.advance(1_000);
    await cluster.delete(path);
    expect((await cluster.get(path)).status.phase).toBe('Terminating');
    await cluster.advance(2_000);
    expect((await cluster.api.request('GET', path)).status).toBe(404);
    const left = cluster.sim.view.resources().flatMap((resource) => cluster.sim.view.list(resource, 'shop'));
    expect(left).toEqual([]);
  });

  it('says what holds it up, and goes when that is gone', async () => {
    await cluster.apply(shop);
    const metadata = { name: 'held', namespace: 'shop', finalizers: ['example.org/hold'] };
    await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    await cluster.advance(100);
    await cluster.delete(path);
    await cluster.advance(1_000);
    const { status } = await cluster.get(path);
    const met = status.conditions.filter((condition: Record<string, string>) => condition['status'] === 'True');
    expect(met.map((condition: Record<string, string>) => condition['message'])).toEqual([
      'Some resources are remaining: configmaps. has 1 resource instances',
      'Some content in the namespace has finalizers remaining: example.org/hold in 1 resource instances',
    ]);
    const headers = { 'content-type': 'application/merge-patch+json' };
    await cluster.api.request('PATCH', `${path}/configmaps/held`, {
      headers,
      body: { metadata: { finalizers: null } },
    });
    await cluster.advance(1_000);
    expect((await cluster.api.request('GET', path)).status).toBe(404);
  });
});
