import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';
import { webDeployment } from '../../testing/workloads.ts';

const web = '/apis/apps/v1/namespaces/default/deployments/web';
const pods = '/api/v1/namespaces/default/pods';
const sets = '/apis/apps/v1/namespaces/default/replicasets';

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

async function counts(): Promise<Record<string, number | undefined>> {
  const { status } = await cluster.get(web);
  const { observedGeneration: _, conditions: __, ...rest } = status;
  return rest;
}

async function conditions(): Promise<string[]> {
  const { status } = await cluster.get(web);
  return status.conditions.map((condition: Record<string, string>) =>
    [condition['type'], condition['status'], condition['reason']].join(' '),
  );
}

async function images(): Promise<string[]> {
  return (await cluster.items(pods)).map(({ spec }) => spec.containers[0].image as string).toSorted();
}

describe('a deployment', () => {
  it('makes a ReplicaSet and its pods, and is available once they are ready', async () => {
    await cluster.apply(webDeployment('nginx:1', { replicas: 3 }));
    await cluster.advance(100);
    expect(await counts()).toEqual({ replicas: 3, updatedReplicas: 3, unavailableReplicas: 3 });
    expect(await conditions()).toEqual([
      'Available False MinimumReplicasUnavailable',
      'Progressing True ReplicaSetUpdated',
    ]);

    await cluster.advance(300);
    expect(await counts()).toEqual({ replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 });
    expect(await conditions()).toEqual([
      'Available True MinimumReplicasAvailable',
      'Progressing True NewReplicaSetAvailable',
    ]);
    const { metadata, status } = await cluster.get(web);
    expect(metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
    expect(status.observedGeneration).toBe(metadata.generation);
  });

  it('replaces its pods a few at a time, never going below what must be available', async () => {
    await cluster.apply(webDeployment('nginx:1', { replicas: 4 }));
    await cluster.advance(1_000);
    await cluster.apply(webDeployment('nginx:2', { replicas: 4 }));
    const seen: (number | undefined)[] = [];
    for (let step = 0; step < 40; step++) {
      await cluster.advance(50);
      seen.push((await counts())['availableReplicas']);
      expect((await counts())['replicas']).toBeLessThanOrEqual(5);
    }
    expect(Math.min(...(seen as number[]))).toBe(3);
    expect(await counts()).toEqual({ replicas: 4, updatedReplicas: 4, readyReplicas: 4, availableReplicas: 4 });
    expect(await images()).toEqual(['nginx:2', 'nginx:2', 'nginx:2', 'nginx:2']);
    expect(new Set((await cluster.items(sets)).map(({ spec }) => spec.replicas as number))).toEqual(new Set([0, 4]));
  });

  it('stays available while an image that is not there holds up its rollout, until the deadline passes', async () => {
    await cluster.apply(webDeployment('nginx:1', { replicas: 2, progressDeadlineSeconds: 60 }));
    await cluster.advance(1_000);
    await cluster.apply(webDeployment('nginx:broken', { replicas: 2, progressDeadlineSeconds: 60 }));
    await cluster.advance(50_000);
    expect(await counts()).toEqual({
      replicas: 3,
      updatedReplicas: 1,
      readyReplicas: 2,
      availableReplicas: 2,
      unavailableReplicas: 1,
    });
    expect(await conditions()).toContain('Progressing True ReplicaSetUpdated');

    await cluster.advance(12_000);
    expect(await conditions()).toEqual([
      'Available True MinimumReplicasAvailable',
      'Progressing False ProgressDeadlineExceeded',
    ]);

    await cluster.apply(webDeployment('nginx:1', { replicas: 2, progressDeadlineSeconds: 60 }));
    await cluster.advance(2_000);
    expect(await conditions()).toContain('Progressing True NewReplicaSetAvailable');
    expect(await images()).toEqual(['nginx:1', 'nginx:1']);
    expect((await cluster.get(web)).metadata.annotations['deployment.kubernetes.io/revision']).toBe('3');
  });

  it('scales up and down without a rollout', async () => {
    await cluster.apply(webDeployment('nginx:1', { replicas: 1 }));
    await cluster.advance(1_000);
    for (const replicas of [5, 2, 0]) {
      await cluster.apply(webDeployment('nginx:1', { replicas }));
      await cluster.advance(1_000);
      expect(await images()).toHaveLength(replicas);
    }
    expect(await cluster.items(sets)).toHaveLength(1);
    expect(await counts()).toEqual({});
  });

  it('grows in proportion when it is scaled in the midst of a rollout', async () => {
    await cluster.apply(webDeployment('nginx:1', { replicas: 4 }));
    await cluster.advance(1_000);
    await cluster.apply(webDeployment('nginx:broken', { replicas: 4 }));
    await cluster.advance(1_000);
    await cluster.apply(webDeployment('nginx:broken', { replicas: 8 }));
    await cluster.advance(1_000);
    const { availableReplicas, replicas } = await counts();
    expect({ availableReplicas, replicas }).toEqual({ availableReplicas: 6, replicas: 10 });
  });

  it('that recreates waits for the last old pod before it makes a new one', async () => {
    const recreate = { replicas: 2, strategy: { type: 'Recreate' } };
    await cluster.apply(webDeployment('nginx:1', recreate));
    await cluster.advance(1_000);
    await cluster.apply(webDeployment('nginx:2', recreate));
    const seen = new Set<string>();
    for (let step = 0; step < 40; step++) {
      await cluster.advance(50);
      seen.add([...new Set(await images())].join('+'));
    }
    expect([...seen]).toEqual(['nginx:1', 'nginx:2']);
    expect(await counts()).toEqual({ replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 });
  });

  it('does nothing new while it is paused', async () => {
    await cluster.apply(webDeployment('nginx:1', { replicas: 1 }));
    await cluster.advance(1_000);
    await cluster.apply(webDeployment('nginx:2', { replicas: 1, paused: true }));
    await cluster.advance(1_000);
    expect(await images()).toEqual(['nginx:1']);
    expect(await conditions()).toContain('Progressing Unknown DeploymentPaused');
  });

  it('keeps only as much history as it is told to', async () => {
    for (const tag of ['1', '2', '3', '4']) {
      await cluster.apply(webDeployment(`nginx:${tag}`, { replicas: 1, revisionHistoryLimit: 1 }));
      await cluster.advance(2_000);
    }
    const revisions = (await cluster.items(sets)).map(
      ({ metadata }) => metadata.annotations['deployment.kubernetes.io/revision'] as string,
    );
    expect(revisions.toSorted()).toEqual(['3', '4']);
  });

  it('says why its pods are refused', async () => {
    cluster.sim.fail(({ method, path }) =>
      method === 'POST' && path.endsWith('/pods')
        ? {
            status: 403,
            headers: {},
            body: '{"kind":"Status","code":403,"reason":"Forbidden","message":"no pods today"}',
          }
        : undefined,
    );
    await cluster.apply(webDeployment('nginx:1'));
    await cluster.advance(500);
    const { status } = await cluster.get(web);
    expect(status.conditions).toContainEqual(
      expect.objectContaining({
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'no pods today',
      }),
    );
  });

  it('writes its status as the controller manager does, and touches nothing else of what others own', async () => {
    await cluster.apply(webDeployment('nginx:1'));
    await cluster.advance(1_000);
    const { metadata } = await cluster.get(web);
    const owners = metadata.managedFields.map(({ manager, operation, subresource = '' }: Record<string, string>) =>
      [manager, operation, subresource].join(' ').trim(),
    );
    expect(owners.toSorted()).toEqual([
      'kube-controller-manager Update',
      'kube-controller-manager Update status',
      'test Apply',
    ]);
  });

  it('takes over the ReplicaSet that an earlier one left behind', async () => {
    await cluster.apply(webDeployment('nginx:1', { replicas: 2 }));
    await cluster.advance(1_000);
    const before = (await cluster.items(pods)).map(({ metadata }) => metadata.name as string);
    await cluster.delete(web, { propagationPolicy: 'Orphan' });
    await cluster.advance(1_000);
    expect((await cluster.items(sets)).map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined]);

    await cluster.apply(webDeployment('nginx:1', { replicas: 2 }));
    await cluster.advance(1_000);
    expect((await cluster.items(pods)).map(({ metadata }) => metadata.name as string)).toEqual(before);
    const { metadata } = await cluster.get(web);
    expect((await cluster.items(sets)).map((set) => set['metadata'].ownerReferences[0].uid)).toEqual([metadata.uid]);
  });
});
