import {
  Agent,
  AgentLease,
  agentObjects,
  noTracer,
  type AgentOptions,
  type ClusterApi,
  type RenderCache,
} from '@flotilla/agent';
import { identityOf, interceptCluster, type ClusterCall } from '@flotilla/agent/testing';
import type { Clock, Ids, Random } from '@flotilla/foundation';
import { createKubeClient, ManagedCluster, type KubeTransport } from '@flotilla/platform-kube';
import { Mortal } from './mortal.ts';
import type { Troubles } from './troubles.ts';
import { WeatheredTransport } from './weathered-transport.ts';

export interface AgentInstanceOptions extends Pick<AgentOptions, 'sources' | 'renderer' | 'line'> {
  readonly renderCache: RenderCache;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly troubles: Troubles;
  readonly identity: Pick<AgentOptions['identity'], 'cluster' | 'orderKeys'>;
  /** The API server as it is reached from here in fair weather. */
  readonly transport: KubeTransport;
  /** Told of each call of the agent, before it is sent. */
  readonly onCall: (instance: AgentInstance, call: ClusterCall) => void;
}

/** The header that tells which process sent a request: one may come when another stands in its place already. */
export const senderHeader = 'user-agent';

const restartMs = 5_000;
const neverAborted = new AbortController().signal;

/** One place where the agent of a cluster runs: its process may die, stand still or be cut off, and is started again. */
export class AgentInstance {
  readonly weather: WeatheredTransport;
  /** By how much the clock of the next process is off. */
  clockOffMs = 0;
  agent: Agent | undefined;
  /** Who it is in the Lease. */
  identity = '';
  readonly #options: AgentInstanceOptions;
  #process = new Mortal();

  constructor(options: AgentInstanceOptions) {
    this.#options = options;
    const { clock, random, troubles, transport } = options;
    this.weather = new WeatheredTransport(transport, { clock, random, troubles });
  }

  /** Waits for the Lease, then starts an agent. What fails, or loses the Lease, ends, and begins anew. */
  async launch(): Promise<void> {
    const { clock, ids, troubles } = this.#options;
    const process = new Mortal();
    this.#process = process;
    this.agent = undefined;
    this.identity = ids.next();
    if (this.clockOffMs !== 0) troubles.happened('agentClockOff');
    const ports = this.#ports(process);
    const lease = this.#lease(process, ports);
    try {
      await lease.acquire(neverAborted);
      if (this.#process !== process) return;
      this.agent = this.#makeAgent(process, { ...ports, lease });
      await this.agent.start();
    } catch {
      await clock.sleep(restartMs);
      if (this.#process === process) this.restart();
    }
  }

  restart(): void {
    this.#process.kill();
    void this.launch();
  }

  /** The process dies some calls from now, before the effect of the last or right after it. */
  killIn(calls: number, after: boolean): void {
    this.#process.killIn(calls, after);
  }

  standStill(ms: number): void {
    this.#process.standStill(this.#options.clock, ms);
  }

  #ports(process: Mortal): Pick<AgentOptions, 'cluster' | 'clock'> {
    const { random } = this.#options;
    const clock = process.clock(this.#options.clock, this.clockOffMs);
    const transport = process.transport(sentBy(this.identity, this.weather));
    const client = createKubeClient({ transport, clock, random });
    return { clock, cluster: this.#told(new ManagedCluster({ client, manager: 'flotilla', clock, random })) };
  }

  #told(cluster: ClusterApi): ClusterApi {
    return interceptCluster(cluster, (call, effect) => {
      this.#options.onCall(this, call);
      return effect();
    });
  }

  #lease(process: Mortal, { cluster, clock }: Pick<AgentOptions, 'cluster' | 'clock'>): AgentLease {
    const { namespace } = agentObjects;
    const onLost = () => void (this.#process === process && this.restart());
    return new AgentLease({ cluster, clock, namespace, instance: this.identity, onError: () => undefined, onLost });
  }

  #makeAgent(process: Mortal, ports: Pick<AgentOptions, 'cluster' | 'clock' | 'lease'>): Agent {
    const { identity, random, sources, renderer, renderCache, line } = this.#options;
    return new Agent({
      identity: identityOf(identity),
      instance: this.identity,
      namespace: agentObjects.namespace,
      sources: process.port(sources),
      renderer: process.port(renderer),
      renderCache: process.port(renderCache),
      line: process.line(line),
      facts: () => ({ kubernetesVersion: 'v1', agentVersion: 'v1' }),
      random,
      tracer: noTracer,
      onEvent: () => undefined,
      ...ports,
    });
  }
}

function sentBy(identity: string, transport: KubeTransport): KubeTransport {
  return {
    request: (request) => transport.request({ ...request, headers: { ...request.headers, [senderHeader]: identity } }),
  };
}
