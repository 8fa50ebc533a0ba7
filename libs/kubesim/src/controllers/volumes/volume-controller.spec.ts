import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';

const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
const pods = '/api/v1/namespaces/default/pods';

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

describe('a volume claim', () => {
  it('is bound to a volume that is made for it', async () => {
    await cluster.apply(claim);
    await cluster.advance(100);
    const { spec, status, metadata } = await cluster.get(`${claims}/data`);
    expect(status).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } });
    expect(metadata.annotations).toEqual({
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
    });
    const volume = await cluster.get(`/api/v1/persistentvolumes/${spec.volumeName}`);
    expect(volume['status'].phase).toBe('Bound');
    expect(volume['spec'].claimRef).toMatchObject({ namespace: 'default', name: 'data', uid: metadata.uid });
  });

  it('goes with its volume, but not while a pod uses it', async () => {
    await cluster.apply(claim);
    const spec = {
      containers: [{ name: 'main', image: 'nginx:1' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    };
    await cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'user' }, spec });
    await cluster.advance(1_000);
    await cluster.delete(`${claims}/data`);
    await cluster.advance(1_000);
    expect((await cluster.get(`${claims}/data`)).metadata.deletionTimestamp).toBeDefined();
    await cluster.delete(`${pods}/user`);
    await cluster.advance(1_000);
    expect(await cluster.items(claims)).toEqual([]);
    expect(await cluster.items('/api/v1/persistentvolumes')).toEqual([]);
  });
});

describe('a volume', () => {
  it('that nobody claims is available', async () => {
    const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/srv' } };
    await cluster.apply({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'free' }, spec });
    await cluster.advance(100);
    expect((await cluster.get('/api/v1/persistentvolumes/free')).status.phase).toBe('Available');
    await cluster.delete('/api/v1/persistentvolumes/free');
    await cluster.advance(100);
    expect(await cluster.items('/api/v1/persistentvolumes')).toEqual([]);
  });
});
