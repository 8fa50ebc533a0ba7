import { createIds, seededRandom } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { expect, it } from 'vitest';
import { KubeSim } from '../kube-sim.ts';
import { TestCluster } from '../testing/test-cluster.ts';
import { webDeployment } from '../testing/workloads.ts';
import { startControllers } from './start-controllers.ts';

const pods = { group: '', plural: 'pods' };

/** A cluster with a rollout, told as the sequence of all changes. */
async function history(): Promise<string[]> {
  const cluster = new TestCluster();
  const told: string[] = [];
  cluster.sim.view.observe(({ type, key, revision }) => told.push(`${revision} ${type} ${key}`));
  cluster.startControllers();
  await cluster.apply(webDeployment('nginx:1', { replicas: 3 }));
  await cluster.advance(2_000);
  await cluster.apply(webDeployment('nginx:crash', { replicas: 3 }));
  await cluster.advance(60_000);
  await cluster.stop();
  return told;
}

it('the same beginning leads to the same history', async () => {
  const first = await history();
  expect(first.length).toBeGreaterThan(40);
  expect(await history()).toEqual(first);
});

it('controllers have nothing to do when nothing changes', async () => {
  const cluster = new TestCluster();
  cluster.startControllers();
  await cluster.apply(webDeployment('nginx:1', { replicas: 3 }));
  await cluster.advance(5_000);
  const before = cluster.sim.requests.length;
  await cluster.advance(3_600_000);
  expect(cluster.sim.requests.length).toBe(before);
  await cluster.stop();
});

it('controllers of a restored cluster go on where those before them stopped', async () => {
  const cluster = new TestCluster();
  cluster.startControllers();
  await cluster.apply(webDeployment('nginx:1', { replicas: 2 }));
  await cluster.advance(100);
  await cluster.stop();
  await cluster.advance(10_000);
  const pending = cluster.sim.view.list(pods).map((pod) => (pod['status'] as { phase: string }).phase);
  expect(pending).toEqual(['Pending', 'Pending']);

  const clock = new VirtualClock(cluster.clock.now());
  const restored = new KubeSim({ clock, ids: createIds(clock) });
  restored.restore(JSON.parse(JSON.stringify(cluster.sim.snapshot())));
  const controllers = startControllers(restored, { clock, random: seededRandom(1) });
  await clock.advance(1_000);
  const phases = restored.view.list(pods).map((pod) => (pod['status'] as { phase: string }).phase);
  expect(phases).toEqual(['Running', 'Running']);
  await controllers.stop();
});

it('a refused write is tried again, ever more rarely', async () => {
  const cluster = new TestCluster();
  const allow = cluster.sim.fail(({ method, path }) =>
    method === 'PUT' && path.endsWith('/status')
      ? {
          status: 503,
          headers: {},
          body: '{"kind":"Status","code":503,"reason":"ServiceUnavailable","message":"later"}',
        }
      : undefined,
  );
  cluster.startControllers();
  await cluster.apply(webDeployment('nginx:1', { replicas: 1 }));
  await cluster.advance(600_000);
  const tries = cluster.sim.requests.filter(({ status }) => status === 503).length;
  expect(tries).toBeGreaterThan(20);
  expect(tries).toBeLessThan(400);
  allow();
  await cluster.advance(60_000);
  expect((await cluster.items('/api/v1/namespaces/default/pods')).map(({ status }) => status.phase as string)).toEqual([
    'Running',
  ]);
  await cluster.stop();
});
