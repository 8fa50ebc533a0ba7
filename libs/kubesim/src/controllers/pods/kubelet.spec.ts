import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';

const pods = '/api/v1/namespaces/default/pods';

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

async function create(name: string, spec: object): Promise<void> {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec };
  const { status } = await cluster.api.request('POST', pods, { body: pod as never });
  expect(status).toBe(201);
}

const one = (image: string, spec = {}) => ({ containers: [{ name: 'main', image }], ...spec });

async function conditions(name: string): Promise<Record<string, string>> {
  const { status } = await cluster.get(`${pods}/${name}`);
  const pairs = status.conditions.map((condition: Record<string, string>) => [condition['type'], condition['status']]);
  expect(new Set(pairs.map(([type]: string[]) => type)).size).toBe(pairs.length);
  return Object.fromEntries(pairs);
}

async function warnings(name: string): Promise<string[]> {
  const events = await cluster.items(`/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3D${name}`);
  return events
    .filter(({ type }) => type === 'Warning')
    .map(({ reason, message, count }) => `${reason as string} x${count as number}: ${message as string}`)
    .toSorted();
}

describe('a pod', () => {
  it('gets a node, starts and becomes ready', async () => {
    await create('web', one('nginx:1'));
    await cluster.advance(100);
    expect((await cluster.get(`${pods}/web`)).status).toMatchObject({
      phase: 'Pending',
      containerStatuses: [{ name: 'main', ready: false, state: { waiting: { reason: 'ContainerCreating' } } }],
    });
    await cluster.advance(300);
    const { spec, status } = await cluster.get(`${pods}/web`);
    expect(spec.nodeName).toBe('node-1');
    expect(status).toMatchObject({
      phase: 'Running',
      podIP: expect.stringMatching(/^10\.244\./),
      containerStatuses: [{ ready: true, started: true, restartCount: 0, state: { running: {} } }],
    });
    expect(await conditions('web')).toEqual({
      PodScheduled: 'True',
      PodReadyToStartContainers: 'True',
      Initialized: 'True',
      Ready: 'True',
      ContainersReady: 'True',
    });
  });

  it('with an image that is not there waits for it, and says why in its status and in events', async () => {
    await create('web', one('shop/web:broken'));
    await cluster.advance(60_000);
    const { status } = await cluster.get(`${pods}/web`);
    expect(status.phase).toBe('Pending');
    expect(status.containerStatuses[0].state).toEqual({
      waiting: {
        reason: 'ImagePullBackOff',
        message: expect.stringMatching(/^Back-off pulling image "shop\/web:broken": ErrImagePull: .*not found$/),
      },
    });
    expect(await conditions('web')).toMatchObject({ Initialized: 'True', Ready: 'False' });
    expect(await warnings('web')).toEqual([
      'BackOff x1: Back-off pulling image "shop/web:broken"',
      'Failed x1: Error: ErrImagePull',
      expect.stringContaining('Failed x1: Failed to pull image "shop/web:broken"'),
    ]);
  });

  it('that crashes is started again, ever more rarely', async () => {
    await create('web', one('nginx:crash'));
    await cluster.advance(1_000);
    const restarts: number[] = [];
    for (const ms of [0, 10_000, 20_000, 40_000]) {
      await cluster.advance(ms);
      restarts.push((await cluster.get(`${pods}/web`)).status.containerStatuses[0].restartCount);
    }
    expect(restarts).toEqual([0, 1, 2, 3]);
    const [container] = (await cluster.get(`${pods}/web`)).status.containerStatuses;
    expect(container).toMatchObject({
      ready: false,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: expect.stringMatching(/^back-off 1m20s restarting failed container=main pod=web_default\(.+\)$/),
        },
      },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
    expect(await warnings('web')).toEqual([
      expect.stringMatching(/^BackOff x4: Back-off restarting failed container main/),
    ]);
  });

  it.each([
    ['nginx:1', 'Never', 'Succeeded', 0],
    ['nginx:1', 'OnFailure', 'Succeeded', 0],
    ['nginx:crash', 'Never', 'Failed', 1],
  ])('of %s that restarts %s ends as %s', async (image, restartPolicy, phase, exitCode) => {
    await create('once', one(image, { restartPolicy }));
    await cluster.advance(2_000);
    const { status } = await cluster.get(`${pods}/once`);
    expect(status.phase).toBe(phase);
    expect(status.containerStatuses[0].state.terminated.exitCode).toBe(exitCode);
  });

  it('waits for its init containers, and hangs with the first that does not work', async () => {
    await create('ready', one('nginx:1', { initContainers: [{ name: 'init', image: 'tool:1' }] }));
    await create('stuck', one('nginx:1', { initContainers: [{ name: 'init', image: 'tool:crash' }] }));
    await cluster.advance(1_000);
    expect((await cluster.get(`${pods}/ready`)).status).toMatchObject({
      phase: 'Running',
      initContainerStatuses: [{ state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
    });
    expect((await cluster.get(`${pods}/stuck`)).status).toMatchObject({
      phase: 'Pending',
      initContainerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }],
      containerStatuses: [{ state: { waiting: { reason: 'PodInitializing' } } }],
    });
    expect(await conditions('stuck')).toMatchObject({ Initialized: 'False', Ready: 'False' });
  });

  it('starts anew when somebody changes its image', async () => {
    await create('web', one('nginx:1'));
    await cluster.advance(1_000);
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    const body = { spec: { containers: [{ name: 'main', image: 'nginx:broken' }] } };
    await cluster.api.request('PATCH', `${pods}/web`, { headers, body });
    await cluster.advance(1_000);
    expect((await cluster.get(`${pods}/web`)).status.containerStatuses[0].state.waiting.reason).toBe(
      'ImagePullBackOff',
    );
  });

  it('that fits on no node says so, and gets one when there is one', async () => {
    await create('web', one('nginx:1', { nodeSelector: { disk: 'fast' } }));
    await cluster.advance(1_000);
    expect((await cluster.get(`${pods}/web`)).status).toMatchObject({
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
        },
      ],
    });
    const headers = { 'content-type': 'application/merge-patch+json' };
    await cluster.api.request('PATCH', '/api/v1/nodes/node-2', {
      headers,
      body: { metadata: { labels: { disk: 'fast' } } },
    });
    await cluster.advance(1_000);
    expect((await cluster.get(`${pods}/web`)).spec.nodeName).toBe('node-2');
    expect(await conditions('web')).toMatchObject({ PodScheduled: 'True', Ready: 'True' });
  });

  it('takes a moment to go', async () => {
    await create('web', one('nginx:1'));
    await cluster.advance(1_000);
    await cluster.delete(`${pods}/web`);
    await cluster.advance(100);
    expect((await cluster.get(`${pods}/web`)).metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
    await cluster.advance(300);
    expect((await cluster.api.request('GET', `${pods}/web`)).status).toBe(404);
  });
});
