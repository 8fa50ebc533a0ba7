import type { Running } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import type { KubeObject, UpgradeProgress, WishedAgent } from '@flotilla/model';
import { agentObjects } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { AgentHome } from '../upgrade/agent-deployment.ts';
import { UpgradeKeeper } from '../upgrade/upgrade-keeper.ts';
import type { UpgradeRecord } from '../upgrade/upgrade-record.ts';
import { Upgrader } from '../upgrade/upgrader.ts';
import { Watchdog } from '../upgrade/watchdog.ts';
import { InMemoryCluster } from './in-memory-cluster.ts';

/** How the new image behaves: it confirms, it never starts, or it starts and nobody hears it. */
export type NewAgent = 'good' | 'crashes' | 'unheard';
/** The three processes that take part in an upgrade. */
export type Part = 'old' | 'watchdog' | 'new';

export interface UpgradeWorldOptions {
  readonly newAgent?: NewAgent;
  readonly isWatchdogScheduled?: boolean;
  /** How long an old agent goes on after its Deployment says another image. */
  readonly graceMs?: number;
  /** The API server as one process sees it, from its start to its end. */
  readonly through?: (part: Part, api: ClusterApi, clock: VirtualClock) => ClusterApi;
}

export const oldImage = `registry.example.org/flotilla@sha256:${'a'.repeat(64)}`;
export const newImage = `registry.example.org/flotilla@sha256:${'b'.repeat(64)}`;
const restartMs = 2_000;

/**
 * A cluster in which an agent is upgraded, in virtual time: a Deployment that recreates, a Job that restarts, and the
 * real parts of old agent, watchdog and new agent as processes that can die at any call and come back.
 */
export class UpgradeWorld {
  readonly clock = new VirtualClock();
  readonly api = new InMemoryCluster(this.clock);
  readonly options: UpgradeWorldOptions;
  readonly steps: string[] = [];
  connected = true;
  wish: WishedAgent | undefined;
  #agent: { part: Part; upgrader: Upgrader } | undefined;
  readonly #watchdogs = new Map<string, Running>();
  #isReplacing = false;

  private constructor(options: UpgradeWorldOptions) {
    this.options = options;
  }

  static async open(options: UpgradeWorldOptions = {}): Promise<UpgradeWorld> {
    const world = new UpgradeWorld(options);
    await world.#make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await world.#make(agentDeployment(oldImage));
    await world.kubelet();
    return world;
  }

  /** Wishes for the new image and lets this much time pass, with the kubelet at work each second. */
  async upgrade(forMs = 300_000, deadlineSeconds = 60): Promise<void> {
    this.hope({ upgrade: 'upgrade-1', image: newImage, version: '0.2.0', deadlineSeconds });
    await this.pass(forMs);
  }

  hope(wish: WishedAgent | undefined): void {
    this.wish = wish;
    this.#agent?.upgrader.wish(wish);
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1_000) {
      await this.clock.advance(1_000);
      await this.kubelet();
    }
  }

  /** Does what Deployment, Job and kubelet would: one agent at a time, and a watchdog for each Job. */
  async kubelet(): Promise<void> {
    const { image } = this.container;
    const part: Part = image === newImage ? 'new' : 'old';
    if (part !== this.#agent?.part && !this.#isReplacing) await this.#replaceAgent();
    if (this.options.isWatchdogScheduled === false) return;
    for (const { kind, metadata } of this.api.all()) {
      if (kind === 'Job' && !this.#watchdogs.has(metadata.name)) this.startWatchdog(metadata.name);
    }
  }

  /** The container of a part died: it comes back with nothing in memory. */
  async restart(part: Part): Promise<void> {
    await this.clock.sleep(restartMs);
    if (part === 'watchdog') for (const name of this.#watchdogs.keys()) this.startWatchdog(name);
    else if (this.#agent?.part === part) await this.#startAgent(part);
  }

  startWatchdog(job: string): void {
    const stopping = new AbortController();
    void this.#watchdogs.get(job)?.stop();
    const watchdog = new Watchdog({
      cluster: this.#seenBy('watchdog'),
      home,
      upgrade: 'upgrade-1',
      clock: this.clock,
      onStep: (step) => void this.steps.push(`watchdog: ${step}`),
      onError: () => undefined,
    });
    void watchdog.watch(stopping.signal);
    this.#watchdogs.set(job, { stop: async () => stopping.abort() });
  }

  get progress(): UpgradeProgress | undefined {
    return this.#agent?.upgrader.progress;
  }

  async record(): Promise<UpgradeRecord | undefined> {
    return (await new UpgradeKeeper(this.api, namespace).load()).record;
  }

  get container(): { name: string; image: string } {
    const deployment = this.api.peek(deploymentKey)!;
    return (deployment.spec as { template: { spec: { containers: [{ name: string; image: string }] } } }).template.spec
      .containers[0];
  }

  /** How it ended, in a line: phase, image, and what is said upward. */
  async outcome(): Promise<string> {
    const { image } = this.container;
    const which = image === newImage ? 'new' : 'old';
    const { phase = 'nothing' } = (await this.record()) ?? {};
    const { state, reason } = this.progress ?? {};
    return [phase, which, state, reason?.code].filter(Boolean).join(' ');
  }

  /** Recreate: the next one is made when the one before is gone, of what the Deployment says by then. */
  async #replaceAgent(): Promise<void> {
    const { graceMs = 0 } = this.options;
    if (this.#agent && graceMs > 0) return this.#replaceLater(graceMs);
    void this.#agent?.upgrader.stop();
    const { image } = this.container;
    const pod = this.api.peek(podKey);
    if (pod) await this.api.delete(podKey, { uid: pod.metadata.uid! });
    await this.#make(agentPod(image));
    await this.#startAgent(image === newImage ? 'new' : 'old');
  }

  async #replaceLater(graceMs: number): Promise<void> {
    this.#isReplacing = true;
    void this.clock.sleep(graceMs).then(async () => {
      this.#agent = void this.#agent?.upgrader.stop();
      await this.#replaceAgent();
      this.#isReplacing = false;
    });
  }

  async #startAgent(part: Part): Promise<void> {
    const { newAgent = 'good' } = this.options;
    void this.#agent?.upgrader.stop();
    const upgrader: Upgrader = new Upgrader({
      cluster: this.#seenBy(part),
      home,
      clock: this.clock,
      lease: { isHeld: true },
      line: this,
      allSaid: () => true,
      onNews: () => undefined,
      onProofNeeded: () => newAgent === 'good' && upgrader.proven(),
      onStep: (step) => void this.steps.push(`${part}: ${step.do}`),
      onError: () => undefined,
    });
    this.#agent = { part, upgrader };
    // The old one has been heard all along; that proves nothing of the new one.
    if (part === 'old') upgrader.proven();
    // Not waited for: what it asks the API server may take its virtual time.
    if (part === 'old' || newAgent !== 'crashes') void upgrader.start(this.wish);
  }

  #seenBy(part: Part): ClusterApi {
    return this.options.through?.(part, this.api, this.clock) ?? this.api;
  }

  async #make(object: KubeObject): Promise<void> {
    await this.api.as('kubectl').create(object);
  }
}

const { namespace } = agentObjects;
const home: AgentHome = { namespace, deployment: 'flotilla-agent', container: 'agent', pod: 'flotilla-agent-1' };
export const deploymentKey = { group: 'apps', kind: 'Deployment', namespace, name: home.deployment };
const podKey = { group: '', kind: 'Pod', namespace, name: home.pod };

function agentDeployment(image: string): KubeObject {
  const spec = { serviceAccountName: 'flotilla-agent', containers: [containerOf(image)] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: home.deployment, namespace },
    spec: { strategy: { type: 'Recreate' }, template: { spec } },
  };
}

function agentPod(image: string): KubeObject {
  const metadata = { name: home.pod, namespace };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [containerOf(image)] } };
}

function containerOf(image: string): object {
  return {
    name: home.container,
    image,
    args: ['apps/agent/dist/main.js'],
    env: [{ name: 'AGENT_DEPLOYMENT', value: home.deployment }],
    readinessProbe: { httpGet: { path: '/readyz', port: 9090 } },
    ports: [{ containerPort: 9090 }],
  };
}
