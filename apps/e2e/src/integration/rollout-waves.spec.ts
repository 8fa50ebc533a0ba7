import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type RolloutCourseView } from '@flotilla/contracts';
import { deploymentText } from '@flotilla/agent/testing';
import { until, type Child } from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';

const params = { project: 'default' };
const place = { ...params, application: 'checkout', environment: 'dev' };
const names = ['eu-1', 'eu-2', 'eu-3'];
const strategy = 'rollout: {waves: [{name: canary, take: 1}], progressDeadline: 60s}';

/** A release walks over three clusters in waves, on real parts: one that is bad stops at the first. */
describe('a rollout in waves', () => {
  let plane: PlaneFixture;
  const clusters: SimulatedClusterProcess[] = [];
  const agents: Child[] = [];

  beforeAll(async () => {
    plane = await startPlane();
    await plane.git.createRepository('shop', { 'services/checkout/dev/web.yaml': deploymentText('shop:1') });
    const text = fleetDocuments(['checkout'], { url: plane.git.url('shop') }).replace(
      'spec: {clusters: {matchLabels: {dev: "true"}}}',
      `spec: {clusters: {matchLabels: {dev: "true"}}, ${strategy}}`,
    );
    for (const name of names) {
      const cluster = await startSimulatedCluster(plane.directory, name);
      clusters.push(cluster);
      agents.push(await startAgentProcess(plane, { name, labels: { dev: 'true' }, access: cluster.access }));
    }
    // Whoever is not heard yet when its wave comes is passed by.
    const isHeard = async () => {
      const { items } = await plane.client.call(operations.listClusters, { params });
      return items.filter(({ status }) => status.connection === 'Connected').length === names.length;
    };
    await until(isHeard, { what: 'all clusters to be heard' });
    await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  });

  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.stop()));
    await Promise.all(clusters.map((cluster) => cluster.stop()));
    await plane?.stop();
  });

  const push = async (image: string): Promise<string> => {
    const commit = await plane.git.commit('shop', { 'services/checkout/dev/web.yaml': deploymentText(image) });
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    return commit;
  };

  /** Waits until the newest rollout is in this state, of this commit where one is given. */
  const rollout = (state: string, commit?: string): Promise<RolloutCourseView> =>
    until(
      async () => {
        const newest = await plane.client.call(operations.getRollout, { params: place }).catch(() => undefined);
        const isIt = newest?.status.state === state && (commit ?? newest.spec.revision) === newest.spec.revision;
        return isIt && newest;
      },
      { what: `the rollout to be ${state}`, timeoutMs: 60_000, intervalMs: 100 },
    );

  /** Which image each cluster was told to run. */
  const images = async (): Promise<(string | undefined)[]> => {
    const key = { group: 'apps', kind: 'Deployment', namespace: 'checkout-dev', name: 'web' };
    const found = await Promise.all(clusters.map(({ client }) => client.get(key)));
    return found.map((object) => /shop:\w+/.exec(JSON.stringify(object?.spec ?? {}))?.[0]);
  };

  const phases = ({ waves }: RolloutCourseView) =>
    waves.map(({ name, members }) => [name, ...members.map(({ cluster, phase }) => `${cluster} ${phase}`)]);

  it('goes over one cluster before the others', async () => {
    const first = await rollout('Finished');
    expect([phases(first), await images()]).toEqual([
      [
        ['canary', 'eu-1 Done'],
        ['rest', 'eu-2 Done', 'eu-3 Done'],
      ],
      ['shop:1', 'shop:1', 'shop:1'],
    ]);
  });

  it('that is bad stops at the first, says why, and the others keep what they run', async () => {
    const bad = await push('shop:broken');
    const halted = await rollout('Halted', bad);
    expect([phases(halted), halted.status.blocked?.code, await images()]).toEqual([
      [
        ['canary', 'eu-1 Failing'],
        ['rest', 'eu-2 Waiting', 'eu-3 Waiting'],
      ],
      'FailuresExceeded',
      ['shop:broken', 'shop:1', 'shop:1'],
    ]);
    const { items } = await plane.client.call(operations.listTargets, { params });
    const waiting = items.find(({ metadata }) => metadata.name === 'checkout.dev.eu-2')!;
    const uid = waiting.metadata.uid;
    const { explanation } = await plane.client.call(operations.getTarget, { params: { ...params, uid } });
    expect(explanation[0]).toMatchObject({
      state: expect.stringMatching(/^waits for \w+, in wave rest$/),
      blockedBy: 'the rollout is halted: FailuresExceeded: 1 failed, and at most 0 of the rollout may',
      whoCanAct: 'whoever may run: flotilla rollout retry checkout.dev (or resume, abort)',
    });
  });

  it('of the next commit takes its place and goes through both waves', async () => {
    const good = await push('shop:3');
    const finished = await rollout('Finished', good);
    expect([finished.status.arrived, await images()]).toEqual([3, ['shop:3', 'shop:3', 'shop:3']]);
    const { items } = await plane.client.call(operations.listRollouts, { params });
    expect(items.map(({ status }) => status.state)).toEqual(['Finished', 'Superseded', 'Finished']);
  });

  it('is steered by people: paused it admits nobody, resumed it goes on, and the ledger tells it all', async () => {
    const steer = (order: 'pause' | 'resume') =>
      plane.client.call(operations.steerRollout, { params: { ...place, order }, body: {} });
    const slow = await push('shop:broken');
    await until(async () => (await images())[0] === 'shop:broken', { what: 'the first to try it', timeoutMs: 30_000 });
    await steer('pause');
    const good = await push('shop:4');
    expect(phases(await rollout('Paused', slow))[1]).toEqual(['rest', 'eu-2 Waiting', 'eu-3 Waiting']);
    await steer('resume');
    // Nothing but the bad one was in the way: it fails again, and the commit that waited takes its place.
    const finished = await rollout('Finished', good);
    expect([finished.status.arrived, await images()]).toEqual([3, ['shop:4', 'shop:4', 'shop:4']]);
    const { items } = await plane.client.call(operations.listEvents, { params, query: { limit: 500 } });
    const told = new Set(items.map(({ action }) => action));
    const wanted = ['rollout.start', 'wave.start', 'wave.finish', 'rollout.halt', 'rollout.pause', 'rollout.resume'];
    expect(wanted.filter((action) => !told.has(action))).toEqual([]);
  });
});
