import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';
import { podTemplate } from '../../testing/workloads.ts';

const pods = '/api/v1/namespaces/default/pods';
const set = '/apis/apps/v1/namespaces/default/replicasets/web';

const web = (spec = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web' },
  spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: podTemplate('web', 'nginx:1'), ...spec },
});

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

describe('a ReplicaSet', () => {
  it('replaces a pod that is deleted or has failed', async () => {
    await cluster.apply(web());
    await cluster.advance(1_000);
    const [first, second] = (await cluster.items(pods)).map(({ metadata }) => metadata.name as string);
    await cluster.delete(`${pods}/${first}`);
    const failed = { status: { phase: 'Failed' } };
    const headers = { 'content-type': 'application/merge-patch+json' };
    await cluster.api.request('PATCH', `${pods}/${second}/status`, { headers, body: failed });
    await cluster.advance(1_000);
    const running = (await cluster.items(pods)).filter(({ status }) => status.phase === 'Running');
    expect(running.map(({ metadata }) => metadata.name as string)).not.toContain(first);
    expect(running).toHaveLength(2);
    expect((await cluster.get(set)).status).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      observedGeneration: 1,
    });
  });

  it('adopts a pod that matches, and lets a pod go that ceases to', async () => {
    const body = { metadata: { name: 'stray', labels: { app: 'web' } }, spec: podTemplate('web', 'nginx:1')['spec'] };
    await cluster.api.request('POST', pods, { body: body as never });
    await cluster.apply(web());
    await cluster.advance(1_000);
    expect(await cluster.items(pods)).toHaveLength(2);
    expect((await cluster.get(`${pods}/stray`)).metadata.ownerReferences).toMatchObject([
      { kind: 'ReplicaSet', name: 'web', controller: true, blockOwnerDeletion: true },
    ]);

    const headers = { 'content-type': 'application/merge-patch+json' };
    await cluster.api.request('PATCH', `${pods}/stray`, { headers, body: { metadata: { labels: { app: 'other' } } } });
    await cluster.advance(1_000);
    expect((await cluster.get(`${pods}/stray`)).metadata.ownerReferences).toBeUndefined();
    expect(await cluster.items(`${pods}?labelSelector=app%3Dweb`)).toHaveLength(2);
  });

  it('counts a pod as available only after it was ready for long enough', async () => {
    await cluster.apply(web({ minReadySeconds: 10 }));
    await cluster.advance(5_000);
    expect((await cluster.get(set)).status).toMatchObject({ readyReplicas: 2 });
    expect((await cluster.get(set)).status.availableReplicas).toBeUndefined();
    await cluster.advance(6_000);
    expect((await cluster.get(set)).status).toMatchObject({ availableReplicas: 2 });
  });

  it('gives up first what is not ready', async () => {
    await cluster.apply(web());
    await cluster.advance(1_000);
    const ready = (await cluster.items(pods)).map(({ metadata }) => metadata.name as string);
    await cluster.apply(web({ replicas: 3 }));
    await cluster.advance(100);
    await cluster.apply(web({ replicas: 2 }));
    await cluster.advance(1_000);
    expect((await cluster.items(pods)).map(({ metadata }) => metadata.name as string)).toEqual(ready);
  });
});
