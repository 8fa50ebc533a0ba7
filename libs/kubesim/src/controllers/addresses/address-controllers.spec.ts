import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';

const web = '/api/v1/namespaces/default/services/web';

const service = (type: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { type, ports: [{ port: 80 }] },
});

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

describe('an address from outside', () => {
  it('is given to services of type LoadBalancer, as long as they have it', async () => {
    await cluster.apply(service('ClusterIP'));
    await cluster.advance(100);
    expect((await cluster.get(web)).status).toEqual({ loadBalancer: {} });
    await cluster.apply(service('LoadBalancer'));
    await cluster.advance(100);
    expect((await cluster.get(web)).status).toEqual({
      loadBalancer: { ingress: [{ ip: expect.stringMatching(/^192\.0\.2\.\d+$/), ipMode: 'VIP' }] },
    });
    await cluster.apply(service('ClusterIP'));
    await cluster.advance(100);
    expect((await cluster.get(web)).status).toEqual({ loadBalancer: {} });
  });

  it('is given to each ingress', async () => {
    const backend = { service: { name: 'web', port: { number: 80 } } };
    await cluster.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web' },
      spec: { defaultBackend: backend },
    });
    await cluster.advance(100);
    expect((await cluster.get('/apis/networking.k8s.io/v1/namespaces/default/ingresses/web')).status).toEqual({
      loadBalancer: { ingress: [{ ip: '192.0.2.1' }] },
    });
  });
});
