import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';
import { podTemplate } from '../../testing/workloads.ts';

const pods = '/api/v1/namespaces/default/pods';
const set = '/apis/apps/v1/namespaces/default/statefulsets/db';

const database = (image: string, spec = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: {
    replicas: 3,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: podTemplate('db', image),
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
    ...spec,
  },
});

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

async function members(): Promise<Record<string, string>> {
  const items = await cluster.items(pods);
  return Object.fromEntries(
    items.map(({ metadata, spec }) => [metadata.name as string, spec.containers[0].image as string]),
  );
}

describe('a StatefulSet', () => {
  it('makes its members one after another, each with its claim', async () => {
    await cluster.apply(database('pg:1'));
    await cluster.advance(100);
    expect(await members()).toEqual({ 'db-0': 'pg:1' });
    await cluster.advance(300);
    expect(await members()).toEqual({ 'db-0': 'pg:1', 'db-1': 'pg:1' });
    await cluster.advance(1_000);
    const { status } = await cluster.get(set);
    expect(status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: status.updateRevision,
      updateRevision: expect.stringMatching(/^db-/),
      collisionCount: 0,
    });
    const claims = await cluster.items('/api/v1/namespaces/default/persistentvolumeclaims');
    expect(claims.map((claim) => [claim['metadata'].name, claim['status'].phase])).toEqual([
      ['data-db-0', 'Bound'],
      ['data-db-1', 'Bound'],
      ['data-db-2', 'Bound'],
    ]);
  });

  it('makes all at once when it works in parallel', async () => {
    await cluster.apply(database('pg:1', { podManagementPolicy: 'Parallel' }));
    await cluster.advance(100);
    expect(Object.keys(await members())).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it('updates from the highest number down, and stops at its partition', async () => {
    await cluster.apply(database('pg:1'));
    await cluster.advance(3_000);
    await cluster.apply(
      database('pg:2', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }),
    );
    await cluster.advance(700);
    expect(await members()).toEqual({ 'db-0': 'pg:1', 'db-1': 'pg:1', 'db-2': 'pg:2' });
    await cluster.advance(5_000);
    expect(await members()).toEqual({ 'db-0': 'pg:1', 'db-1': 'pg:2', 'db-2': 'pg:2' });
    const { status } = await cluster.get(set);
    expect(status).toMatchObject({ currentReplicas: 1, updatedReplicas: 2 });
    expect(status.currentRevision).not.toBe(status.updateRevision);

    await cluster.apply(database('pg:2'));
    await cluster.advance(5_000);
    expect(Object.values(await members())).toEqual(['pg:2', 'pg:2', 'pg:2']);
    const after = (await cluster.get(set)).status;
    expect(after.currentRevision).toBe(after.updateRevision);
  });

  it('keeps the claims of members that it gives up', async () => {
    await cluster.apply(database('pg:1'));
    await cluster.advance(3_000);
    await cluster.apply(database('pg:1', { replicas: 1 }));
    await cluster.advance(3_000);
    expect(Object.keys(await members())).toEqual(['db-0']);
    expect(await cluster.items('/api/v1/namespaces/default/persistentvolumeclaims')).toHaveLength(3);
  });

  it('waits behind a member that never gets well, as a real one does', async () => {
    await cluster.apply(database('pg:broken'));
    await cluster.advance(60_000);
    expect(await members()).toEqual({ 'db-0': 'pg:broken' });
    await cluster.apply(database('pg:1'));
    await cluster.advance(60_000);
    expect(await members()).toEqual({ 'db-0': 'pg:broken' });
    await cluster.delete(`${pods}/db-0`);
    await cluster.advance(5_000);
    expect(Object.values(await members())).toEqual(['pg:1', 'pg:1', 'pg:1']);
  });
});
