import { operations } from '@flotilla/contracts';
import { systemClock, systemRandom } from '@flotilla/foundation';
import { GitDispatcher, InMemoryObjectStore, SmartHttpGitRemote } from '@flotilla/platform-git';
import { watchKind, type KubeClient } from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';
import { applyHookedFleet } from '../support/webhook.ts';
import { beside, percentile, type Bench } from './figure.ts';

const pushes = 100;
const params = { project: 'default' };
const path = 'services/checkout/dev';
const configMap = { group: '', kind: 'ConfigMap' };

/**
 * From the moment a push is in the repository to the watch event of the changed object, on an idle fleet with real
 * parts. The floor is the same in one process: pull the commit, apply the object, see the event.
 */
export const roadBench: Bench = {
  name: 'road',
  about: 'push to applied, P50 and P99 over 100 pushes, beside the floor of the same run',
  run: async (tell) => {
    const pushed = new Pushes();
    const plane = await startPlane({ onPush: () => pushed.tell() });
    const cluster = await startSimulatedCluster(plane.directory, 'c1');
    const agent = await openRoad(plane, cluster, pushed);
    const floor = await Floor.open(plane, cluster.client);
    const seen = new SeenValues(cluster.client);
    const [ours, least]: [number[], number[]] = [[], []];
    for (let push = -5; push < pushes; push++) {
      const value = `v${push}`;
      const arrived = seen.wait('checkout', value);
      await plane.git.commit('shop', manifest(value));
      const took = (await arrived) - pushed.at;
      const floorTook = await floor.measure(seen, value);
      // The first few warm caches and the compiler on both sides.
      if (push < 0) continue;
      ours.push(took);
      least.push(floorTook);
    }
    await Promise.all([seen.stop(), floor.stop(), agent.stop()]);
    await cluster.stop();
    await plane.stop();
    const conditions = `${pushes} pushes, one field, webhook, one agent, kubesim; floor: git pull + apply + watch in one process`;
    for (const [metric, share] of [
      ['pushToAppliedP50Ms', 0.5],
      ['pushToAppliedP99Ms', 0.99],
    ] as const) {
      tell({ metric, unit: 'ms', ...beside(percentile(ours, share), percentile(least, share)), conditions });
    }
  },
};

const manifest = (value: string) => ({
  [`${path}/a.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: checkout}\ndata: {value: ${value}}\n`,
});

/** The moment at which the newest push was in the repository, and whom the Git host tells then. */
class Pushes {
  at = 0;
  webhook: (() => void) | undefined;

  tell(): void {
    this.at = performance.now();
    this.webhook?.();
  }
}

async function openRoad(plane: PlaneFixture, cluster: SimulatedClusterProcess, pushed: Pushes) {
  await plane.git.createRepository('shop', { ...manifest('first'), 'floor/a.yaml': 'x: 1\n' });
  pushed.webhook = await applyHookedFleet(plane, ['checkout']);
  const agent = await startAgentProcess(plane, { name: 'c1', labels: { dev: 'true' }, access: cluster.access });
  await until(
    async () => {
      const { items } = await plane.client.call(operations.listTargets, { params });
      return items.length === 1 && items[0]!.status.sync === 'Synced';
    },
    { what: 'the first arrival', timeoutMs: 60_000 },
  );
  return agent;
}

/** Remembers when each value of a ConfigMap was first told by the cluster's own watch. */
class SeenValues {
  readonly #at = new Map<string, number>();
  readonly #waiting = new Map<string, (at: number) => void>();
  readonly #watch: { stop(): Promise<void> };

  constructor(client: KubeClient) {
    this.#watch = watchKind(client, configMap, {
      clock: systemClock,
      random: systemRandom,
      keep: () => undefined,
      onChange: (event) => {
        if (event.type !== 'added' && event.type !== 'changed') return;
        const value = (event.object.data as Record<string, string> | undefined)?.value;
        if (value !== undefined) this.#see(`${event.object.metadata.name}/${value}`);
      },
    });
  }

  wait(name: string, value: string): Promise<number> {
    const key = `${name}/${value}`;
    const at = this.#at.get(key);
    return at === undefined ? new Promise((resolve) => this.#waiting.set(key, resolve)) : Promise.resolve(at);
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  #see(key: string): void {
    const at = performance.now();
    if (!this.#at.has(key)) this.#at.set(key, at);
    this.#waiting.get(key)?.(at);
    this.#waiting.delete(key);
  }
}

/** The least that a push costs on this machine: one pull of the commit, one apply, one watch event. */
class Floor {
  readonly #plane: PlaneFixture;
  readonly #client: KubeClient;
  readonly #dispatcher = new GitDispatcher();
  readonly #remote: SmartHttpGitRemote;
  #last: string | undefined;

  private constructor(plane: PlaneFixture, client: KubeClient) {
    this.#plane = plane;
    this.#client = client;
    const store = new InMemoryObjectStore({ bytesMax: 64 * 1024 * 1024 });
    this.#remote = new SmartHttpGitRemote({
      url: plane.git.url('floor'),
      store,
      dispatcher: this.#dispatcher,
      clock: systemClock,
    });
  }

  static async open(plane: PlaneFixture, client: KubeClient): Promise<Floor> {
    await plane.git.createRepository('floor', manifest('first'));
    return new Floor(plane, client);
  }

  async measure(seen: SeenValues, value: string): Promise<number> {
    const commit = await this.#plane.git.commit('floor', manifest(value));
    const begun = performance.now();
    const have = this.#last ? { have: this.#last } : {};
    const { trees } = await this.#remote.pull({ commit, paths: [path], files: true, ...have });
    await this.#remote.files(trees.get(path)!);
    this.#last = commit;
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'floor', namespace: 'default' },
      data: { value },
    };
    await this.#client.apply(object, { manager: 'floor', force: true });
    return (await seen.wait('floor', value)) - begun;
  }

  stop(): Promise<void> {
    return this.#dispatcher.close();
  }
}
