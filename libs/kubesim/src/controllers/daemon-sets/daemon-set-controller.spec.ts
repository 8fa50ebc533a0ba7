import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';
import { podTemplate } from '../../testing/workloads.ts';

const pods = '/api/v1/namespaces/default/pods';
const set = '/apis/apps/v1/namespaces/default/daemonsets/agent';

const agent = (image: string, spec = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: { selector: { matchLabels: { app: 'agent' } }, template: podTemplate('agent', image, spec) },
});

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

async function placed(): Promise<string[]> {
  const items = await cluster.items(pods);
  return items.map(({ spec }) => `${spec.nodeName} ${spec.containers[0].image}`).toSorted();
}

describe('a DaemonSet', () => {
  it('has one pod on each node', async () => {
    await cluster.apply(agent('log:1'));
    await cluster.advance(1_000);
    expect(await placed()).toEqual(['node-1 log:1', 'node-2 log:1']);
    expect((await cluster.get(set)).status).toEqual({
      currentNumberScheduled: 2,
      numberMisscheduled: 0,
      desiredNumberScheduled: 2,
      numberReady: 2,
      observedGeneration: 1,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
    });
  });

  it('keeps to the nodes that its pods select, and follows them when that changes', async () => {
    await cluster.apply(agent('log:1', { nodeSelector: { 'kubernetes.io/hostname': 'node-2' } }));
    await cluster.advance(1_000);
    expect(await placed()).toEqual(['node-2 log:1']);
    await cluster.apply(agent('log:1', { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } }));
    await cluster.advance(2_000);
    expect(await placed()).toEqual(['node-1 log:1']);
  });

  it('updates one node after another, and stops at one that does not come up', async () => {
    await cluster.apply(agent('log:1'));
    await cluster.advance(1_000);
    await cluster.apply(agent('log:broken'));
    await cluster.advance(30_000);
    expect((await placed()).map((text) => text.split(' ')[1]).toSorted()).toEqual(['log:1', 'log:broken']);
    expect((await cluster.get(set)).status).toMatchObject({ numberAvailable: 1, numberUnavailable: 1 });
    await cluster.apply(agent('log:2'));
    await cluster.advance(5_000);
    expect((await placed()).map((text) => text.split(' ')[1])).toEqual(['log:2', 'log:2']);
  });
});
