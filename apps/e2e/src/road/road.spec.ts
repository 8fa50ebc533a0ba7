import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import {
  operations,
  type RevisionView,
  type RolloutView,
  type StreamEvent,
  type TargetView,
} from '@flotilla/contracts';
import { marks } from '@flotilla/agent';
import { deploymentText } from '@flotilla/agent/testing';
import { until, type Child } from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';
import { SpanCollector } from '../support/span-collector.ts';

const params = { project: 'default' };
const names = ['alpha', 'beta'];

const manifests = (image: string, extra = '') => ({
  'services/checkout/dev/web.yaml': deploymentText(image),
  'services/checkout/dev/extra.yaml': extra || undefined,
});

const passing = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: passing}\ndata: {a: b}\n';

/**
 * One commit down the whole road, on real parts: two replicas of each service, two simulated clusters with an agent
 * process each. The headings are those of docs/walkthrough.md.
 */
describe('the road of one commit', () => {
  let plane: PlaneFixture;
  let collector: SpanCollector;
  const clusters: SimulatedClusterProcess[] = [];
  const agents: Child[] = [];
  const screen: StreamEvent[] = [];
  const leaving = new AbortController();
  let commit: string;

  beforeAll(async () => {
    collector = await SpanCollector.start();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    plane = await startPlane({ replicas: 2, environment });
    await plane.git.createRepository('shop', withoutAbsent(manifests('shop:1', passing)));
    const text = fleetDocuments(['checkout'], { url: plane.git.url('shop') });
    await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
    for (const name of names) {
      const cluster = await startSimulatedCluster(plane.directory, name);
      clusters.push(cluster);
      agents.push(
        await startAgentProcess(plane, { name, labels: { dev: 'true' }, access: cluster.access, environment }),
      );
    }
    await arrived(1);
    const other = new FlotillaClient({ server: plane.urls[1]!, token: plane.secrets.bootstrapToken });
    void (async () => {
      for await (const event of other.stream('default', ['target', 'count', 'event'], leaving.signal))
        screen.push(event);
    })().catch(() => undefined);
    await until(() => screen.filter(({ type }) => type === 'BOOKMARK').length === 3, { what: 'the screen to be live' });
    screen.length = 0;
    collector.spans.length = 0;
  });

  afterAll(async () => {
    leaving.abort();
    await Promise.all(agents.map((agent) => agent.stop()));
    await Promise.all(clusters.map((cluster) => cluster.stop()));
    await plane?.stop();
    await collector?.stop();
  });

  const targets = async (): Promise<TargetView[]> =>
    (await plane.client.call(operations.listTargets, { params })).items;

  /** Waits until every target runs the newest release, which is its `count`th, and is well. */
  async function arrived(count: number): Promise<TargetView[]> {
    return until(
      async () => {
        const { items: rollouts } = await plane.client.call(operations.listRollouts, { params });
        const all = await targets();
        const well = all.every(
          ({ status, spec }) =>
            status.health === 'Healthy' && status.sync === 'Synced' && status.revision === spec.revision,
        );
        return rollouts.length === count && all.length === names.length && well && all;
      },
      { what: `rollout ${count} to arrive everywhere`, timeoutMs: 60_000, intervalMs: 50 },
    );
  }

  it('1 A push lands in the repository', async () => {
    commit = await plane.git.commit('shop', manifests('shop:2'));
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
  });

  it('2 sources sees it', async () => {
    const revision = await until(
      async () => {
        const { items } = await plane.client.call(operations.listRevisions, { params });
        return items.find(({ spec }: RevisionView) => spec.commit === commit);
      },
      { what: 'the revision' },
    );
    expect(revision).toMatchObject({
      spec: { repository: 'shop', ref: 'refs/heads/main' },
      status: { subject: expect.any(String) },
    });
  });

  it('3 delivery plans', async () => {
    const rollout = await until(
      async () => {
        const { items } = await plane.client.call(operations.listRollouts, { params });
        return items.find(({ spec }: RolloutView) => spec.revision === commit);
      },
      { what: 'the rollout' },
    );
    expect(rollout.spec).toMatchObject({ application: 'checkout', environment: 'dev', cause: 'tracking' });
    expect((await targets()).map(({ spec }) => spec.revision)).toEqual([commit, commit]);
  });

  it("4 The signed change of a cluster's set goes out", async () => {
    const clustersNow = await until(
      async () => {
        const { items } = await plane.client.call(operations.listClusters, { params });
        const hold = items.every(({ status }) => status.agentFence?.generation === status.fence.generation);
        return hold && items.every(({ status }) => status.connection === 'Connected') && items;
      },
      { what: 'every agent to hold its set' },
    );
    expect(clustersNow.map(({ metadata }) => metadata.name)).toEqual(names);
  });

  it("5 The agent pulls exactly that commit's path", async () => {
    await arrived(2);
    const pulls = plane.git.requests.filter(({ url }) => url.includes('git-upload-pack'));
    expect(pulls.length).toBeGreaterThan(0);
  });

  it('6 It renders what it pulled', async () => {
    const [target] = await targets();
    const story = await plane.client.call(operations.getTarget, { params: { ...params, uid: target!.metadata.uid } });
    expect(story.resources).toEqual([
      { group: 'apps', kind: 'Deployment', namespace: 'checkout-dev', name: 'web', sync: 'Synced', health: 'Healthy' },
    ]);
  });

  it('7 It compares, applies, prunes', async () => {
    for (const { client } of clusters) {
      const web = await client.get({ group: 'apps', kind: 'Deployment', namespace: 'checkout-dev', name: 'web' });
      expect(JSON.stringify(web!.spec)).toContain('shop:2');
      expect(web!.metadata.labels).toHaveProperty([marks.target]);
      expect(
        await client.get({ group: '', kind: 'ConfigMap', namespace: 'checkout-dev', name: 'passing' }),
      ).toBeUndefined();
    }
  });

  it('8 It awaits health and reports', async () => {
    for (const { spec, status } of await targets()) {
      expect(status).toMatchObject({
        health: 'Healthy',
        sync: 'Synced',
        generation: spec.generation,
        revision: commit,
      });
    }
  });

  it('9 status stores it and rolls it up', async () => {
    const count = await until(
      async () => {
        const { items } = await plane.client.call(operations.countTargets, { params });
        return items[0]?.revision === commit && items[0].health.Healthy === 2 && items[0];
      },
      { what: 'the counts' },
    );
    expect(count).toEqual({
      application: 'checkout',
      environment: 'dev',
      total: 2,
      sync: { Synced: 2 },
      health: { Healthy: 2 },
      revision: commit,
    });
    const finished = await until(
      async () => {
        const { items } = await plane.client.call(operations.listRollouts, { params });
        return items.find(({ spec, status }: RolloutView) => spec.revision === commit && status.state === 'Finished');
      },
      { what: 'the rollout to finish' },
    );
    expect(finished.status).toMatchObject({ total: 2, arrived: 2, failing: 0 });
  });

  it('10 And the screen is told', async () => {
    const told = await until(
      () => {
        const views = screen.filter(({ kind }) => kind === 'target').map(({ object }) => object as TargetView);
        const well = views.filter(({ status }) => status.revision === commit && status.health === 'Healthy');
        return new Set(well.map(({ spec }) => spec.cluster)).size === 2 && well;
      },
      { what: 'the screen' },
    );
    expect(told.length).toBeGreaterThanOrEqual(2);
    const lines = () =>
      screen
        .filter(({ kind }) => kind === 'event')
        .map(({ object }) => (object as { message: string }).message)
        .join('\n');
    await until(() => /enters dev[^]*arrived on all 2 targets/.test(lines()), {
      what: 'the screen to tell of the rollout',
    });
  });

  it('in one trace, from the look at Git to the screen', async () => {
    const stations = [
      'sources: work repository',
      'delivery: work plan',
      'delivery: work set',
      'delivery: send set',
      'agent: reconcile target',
      'agent: fetch source',
      'agent: render manifests',
      'agent: apply objects',
      'status: receive report',
      'status: store reports',
      'gateway: tell screens',
    ];
    let best: string[] = [];
    await until(
      () => {
        for (const spans of collector.traces().values()) {
          const missing = stations.filter((station) => !spans.has(station));
          if (best.length === 0 || missing.length < best.length) best = missing;
          if (missing.length === 0) return true;
        }
        return false;
      },
      { what: 'one trace with all stations', timeoutMs: 20_000 },
    ).catch((error: unknown) => {
      throw new Error(`the best trace misses ${best.join(', ')}`, { cause: error });
    });
  });
});

function withoutAbsent(files: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined)) as Record<string, string>;
}
