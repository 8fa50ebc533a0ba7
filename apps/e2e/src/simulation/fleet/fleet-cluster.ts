import {
  Agent,
  AgentLease,
  agentObjects,
  noTracer,
  type AgentOptions,
  type ClusterApi,
  type ReceivedOrder,
} from '@flotilla/agent';
import {
  identityOf,
  InMemoryCluster,
  InMemoryRenderer,
  interceptCluster,
  type ClusterCall,
  type TestOrderKey,
} from '@flotilla/agent/testing';
import type { SourceReader } from '@flotilla/agent';
import type { UpKind } from '@flotilla/contracts';
import { Fault, type Clock, type Random } from '@flotilla/foundation';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import { Mortal } from '../mortal.ts';
import type { Troubles, Weather } from '../troubles.ts';

/** One write of an agent that had an effect, with the object before and after it. */
export interface FleetWrite {
  readonly cluster: FleetCluster;
  readonly call: ClusterCall;
  readonly key: ObjectKey;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

export interface FleetClusterOptions {
  readonly uid: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly troubles: Troubles;
  readonly sources: SourceReader;
  readonly key: TestOrderKey;
  readonly isCutOff: () => boolean;
  /** Brings a word of the agent to the broker. */
  readonly send: (kind: UpKind, message: object) => boolean;
  readonly onWrite: (write: FleetWrite) => void;
  /** An agent asks about this object. */
  readonly onCall: (cluster: FleetCluster, key: ObjectKey) => void;
  /** An agent sends a write to this object; what becomes of it, and when, is another matter. */
  readonly onSend: (cluster: FleetCluster, key: ObjectKey) => void;
  /** Somebody else wrote into this namespace. */
  readonly onForeign: (cluster: string, namespace: string) => void;
}

type AgentPorts = Pick<AgentOptions, 'cluster' | 'clock'>;

const neverAborted = new AbortController().signal;
const writing = new Set<ClusterCall['verb']>(['apply', 'create', 'mergePatch', 'delete']);
const restartMs = 5_000;

/** A cluster in memory with its agent, whose process may die at any call and is started again. */
export class FleetCluster {
  readonly uid: string;
  readonly api: InMemoryCluster;
  readonly people: ClusterApi;
  /** Between the agent and its API server. */
  weather: Weather = 'fair';
  /** Between the agent and its objects: somebody may delete one and make it again right after the agent has read it. */
  swapping: Weather = 'fair';
  /** By how much the clock of the next agent is off. */
  clockOffMs = 0;
  agent: Agent | undefined;
  readonly #options: FleetClusterOptions;
  #process = new Mortal();
  #hear: ((order: ReceivedOrder) => void) | undefined;
  #count = 0;

  constructor(options: FleetClusterOptions) {
    this.uid = options.uid;
    this.#options = options;
    this.api = new InMemoryCluster(options.clock);
    this.people = this.api.as('people');
  }

  /** Starts an agent. One that cannot start in this weather is started again a little later. */
  async launch(): Promise<void> {
    const { clock, troubles } = this.#options;
    const process = new Mortal();
    this.#process = process;
    this.#hear = undefined;
    if (this.clockOffMs !== 0) troubles.happened('agentClockOff');
    const ports = {
      cluster: this.#told(process.cluster(this.#inWeather())),
      clock: process.clock(clock, this.clockOffMs),
    };
    const instance = `${this.uid}-${++this.#count}`;
    const lease = this.#lease(process, instance, ports);
    const agent = this.#makeAgent(process, { instance, lease, ...ports });
    this.agent = agent;
    try {
      await lease.acquire(neverAborted);
      await agent.start();
    } catch {
      await clock.sleep(restartMs);
      if (this.#process === process) await this.restart();
    }
  }

  /** How many port calls the process that runs now has made. */
  get calls(): number {
    return this.#process.calls;
  }

  /** The process dies some calls from now, before the effect of the last or right after it. */
  killIn(calls: number, after: boolean): void {
    this.#process.killIn(calls, after);
  }

  async restart(): Promise<void> {
    this.#process.kill();
    await this.launch();
  }

  hear(order: ReceivedOrder): void {
    this.#hear?.(order);
  }

  /** Who loses the Lease ends, and another one is started. */
  #lease(process: Mortal, instance: string, { cluster, clock }: AgentPorts): AgentLease {
    const onLost = () => void (this.#process === process && this.restart());
    const { namespace } = agentObjects;
    return new AgentLease({ cluster, clock, namespace, instance, onError: () => undefined, onLost });
  }

  #makeAgent(process: Mortal, ports: AgentPorts & Pick<AgentOptions, 'instance' | 'lease'>): Agent {
    const { uid, random, sources, key, send, isCutOff } = this.#options;
    const line = process.line({
      get connected() {
        return !isCutOff();
      },
      send,
      receive: (handler) => void (this.#hear = handler),
    });
    return new Agent({
      identity: identityOf({ cluster: uid, name: uid, project: 'default', orderKeys: [key.publicKey] }),
      namespace: agentObjects.namespace,
      sources: process.port(sources),
      renderer: process.port(new InMemoryRenderer()),
      line,
      facts: () => ({ kubernetesVersion: 'v1', agentVersion: 'v1' }),
      random,
      tracer: noTracer,
      onEvent: () => undefined,
      ...ports,
    });
  }

  #told(cluster: ClusterApi): ClusterApi {
    return interceptCluster(cluster, ({ verb, key }, effect) => {
      if (key) this.#options.onCall(this, key);
      if (key && writing.has(verb)) this.#options.onSend(this, key);
      return effect();
    });
  }

  #inWeather(): ClusterApi {
    return interceptCluster(this.#watched(), async (call, effect) => {
      const { random, clock, troubles } = this.#options;
      const strikes = (name: 'slow' | 'requestLost' | 'refused' | 'answerLost') => troubles.strikes(name, this.weather);
      if (strikes('slow')) await clock.sleep(random.next() * 2_000);
      if (strikes('requestLost') || strikes('refused')) throw away();
      if (call.verb === 'apply' && call.key && isOfApplications(call.key)) await this.#maySwap(call.key);
      const result = await effect();
      if (call.verb === 'get' && call.key && isOfApplications(call.key)) await this.#maySwap(call.key);
      if (strikes('answerLost')) throw away();
      return result;
    });
  }

  async #maySwap(key: ObjectKey): Promise<void> {
    const there = this.api.peek(key);
    if (!there || !this.#options.troubles.strikes('objectSwapped', this.swapping)) return;
    this.#options.onForeign(this.uid, key.namespace ?? '');
    await this.people.delete(key, { uid: there.metadata.uid! });
    const { name, namespace, labels } = there.metadata;
    const metadata = { name, ...(namespace && { namespace }), ...(labels && { labels }) };
    await this.people.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { of: 'others' } });
  }

  #watched(): ClusterApi {
    return interceptCluster(this.api, async (call, effect) => {
      const { key } = call;
      if (!key || !writing.has(call.verb)) return effect();
      const before = this.api.peek(key);
      const result = await effect();
      const after = this.api.peek(key);
      if (before !== after) this.#options.onWrite({ cluster: this, call, key, before, after });
      return result;
    });
  }
}

function isOfApplications({ kind, namespace }: ObjectKey): boolean {
  return kind === 'ConfigMap' && namespace !== agentObjects.namespace;
}

function away(): Fault {
  return new Fault({ code: 'unavailable', reason: 'ApiServerUnavailable', message: 'bad weather' });
}
