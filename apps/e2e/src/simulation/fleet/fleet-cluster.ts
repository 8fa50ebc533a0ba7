import { Agent, agentObjects, noTracer, type ClusterApi, type ReceivedOrder } from '@flotilla/agent';
import { InMemoryCluster, interceptCluster, type ClusterCall, type TestOrderKey } from '@flotilla/agent/testing';
import type { SourceReader } from '@flotilla/agent';
import type { UpKind } from '@flotilla/contracts';
import { Fault, Redacted, type Clock, type Random } from '@flotilla/foundation';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import { fairWeather, type Weather } from '../bad-weather.ts';
import { Mortal } from '../mortal.ts';

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
  readonly sources: SourceReader;
  readonly key: TestOrderKey;
  readonly isCutOff: () => boolean;
  /** Brings a word of the agent to the broker. */
  readonly send: (kind: UpKind, message: object) => boolean;
  readonly onWrite: (write: FleetWrite) => void;
  /** An agent asks for something about this object; what becomes of it, and when, is another matter. */
  readonly onSend: (cluster: FleetCluster, key: ObjectKey) => void;
  /** Somebody else wrote into this namespace. */
  readonly onForeign: (cluster: string, namespace: string) => void;
}

const writing = new Set<ClusterCall['verb']>(['apply', 'create', 'mergePatch', 'delete']);
const restartMs = 5_000;

/** A cluster in memory with its agent, whose process may die at any call and is started again. */
export class FleetCluster {
  readonly uid: string;
  readonly api: InMemoryCluster;
  readonly people: ClusterApi;
  weather: Weather = fairWeather;
  /** How often somebody deletes an object and makes it again right after the agent has read it. */
  swapped = 0;
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
    const process = new Mortal();
    this.#process = process;
    this.#hear = undefined;
    const agent = this.#makeAgent(process);
    this.agent = agent;
    try {
      await agent.start();
    } catch {
      await this.#options.clock.sleep(restartMs);
      if (this.#process === process) await this.launch();
    }
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

  #makeAgent(process: Mortal): Agent {
    const { uid, clock, random, sources, key, send, isCutOff } = this.#options;
    const line = process.line({
      get connected() {
        return !isCutOff();
      },
      send,
      receive: (handler) => void (this.#hear = handler),
    });
    return new Agent({
      identity: {
        cluster: uid,
        name: uid,
        project: 'default',
        userJwt: '',
        userSeed: new Redacted(''),
        servers: [],
        orderKeys: [key.publicKey],
        expiresAt: '',
        renderKey: new Redacted(Buffer.alloc(32, 7)),
      },
      instance: `${uid}-${++this.#count}`,
      namespace: agentObjects.namespace,
      cluster: this.#told(process.cluster(this.#inWeather())),
      sources: process.port(sources),
      line,
      lease: { isHeld: true, transitions: this.#count },
      facts: () => ({ kubernetesVersion: 'v1', agentVersion: 'v1' }),
      clock: process.clock(clock),
      random,
      tracer: noTracer,
      onEvent: () => undefined,
    });
  }

  #told(cluster: ClusterApi): ClusterApi {
    return interceptCluster(cluster, ({ verb, key }, effect) => {
      if (key && writing.has(verb)) this.#options.onSend(this, key);
      return effect();
    });
  }

  #inWeather(): ClusterApi {
    return interceptCluster(this.#watched(), async (call, effect) => {
      const { random, clock } = this.#options;
      const { lostRequest, lostAnswer, refused, slow } = this.weather;
      if (random.next() < slow) await clock.sleep(random.next() * 2_000);
      if (random.next() < lostRequest + refused) throw away();
      const result = await effect();
      if (call.verb === 'get' && call.key && random.next() < this.swapped) await this.#swap(call.key);
      if (random.next() < lostAnswer) throw away();
      return result;
    });
  }

  async #swap(key: ObjectKey): Promise<void> {
    const there = this.api.peek(key);
    if (there?.kind !== 'ConfigMap' || key.namespace === agentObjects.namespace) return;
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

function away(): Fault {
  return new Fault({ code: 'unavailable', reason: 'ApiServerUnavailable', message: 'bad weather' });
}
