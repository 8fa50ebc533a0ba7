import { agentObjects, type ControlLine, type ReceivedOrder } from '@flotilla/agent';
import { InMemoryRenderCache, InMemorySources, PlayedPlane, type ClusterCall } from '@flotilla/agent/testing';
import { createIds, seededRandom, type Clock, type Ids, type Random } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { KubeSim, type SimRequest } from '@flotilla/kubesim';
import type { KubeObject } from '@flotilla/model';
import { createKubeClient, inProcessTransport, type KubeClient } from '@flotilla/platform-kube';
import { AgentInstance, senderHeader } from './agent-instance.ts';
import { Troubles } from './troubles.ts';
import { WeatheredRenderer } from './weathered-renderer.ts';
import { WeatheredSources } from './weathered-sources.ts';

export const appNamespace = 'apps';
const clusterUid = 'cluster1';
const ordersMax = 50;

/** One request of an agent to an object of the applications that had an effect, with the object before and after it. */
export interface AgentWrite {
  readonly instance: AgentInstance;
  /** The process that sent it, by who it is in the Lease. */
  readonly sender: string;
  readonly method: string;
  readonly name: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
  /** The uid that a deletion names. */
  readonly namedUid: string | undefined;
}

/**
 * Two instances of one cluster's agent, a simulated API server, a control plane and a Git that the run plays, in one
 * process and in virtual time. Everything that happens follows from the seed.
 */
export class AgentWorld {
  readonly random: Random;
  readonly troubles: Troubles;
  readonly clock = new VirtualClock(undefined, { turns: 1 });
  readonly sim: KubeSim;
  /** By how much the API server's clock is off. */
  serverClockOffMs = 0;
  /** What people and other controllers use: it has no weather. */
  readonly people: KubeClient;
  readonly plane = new PlayedPlane(this.clock, clusterUid);
  readonly git = new InMemorySources();
  readonly gitHost: WeatheredSources;
  readonly renderer: WeatheredRenderer;
  /** A disk that outlives every process. */
  readonly renderCache = new InMemoryRenderCache();
  readonly instances: readonly AgentInstance[];
  /** Told of each write of an agent to the namespace of the applications, when it happens. */
  onWrite: (write: AgentWrite) => void = () => undefined;
  /** Told when an agent reads such an object, with what it was told. */
  onRead: (sender: string, name: string, object: KubeObject | undefined) => void = () => undefined;
  /** Told when an agent sends something; what becomes of it, and when, is another matter. */
  onCall: (instance: AgentInstance, call: ClusterCall) => void = () => undefined;
  onSaid: (instance: AgentInstance, kind: string, message: object) => void = () => undefined;
  readonly #ids: Ids;
  readonly #hearers = new Map<AgentInstance, (order: ReceivedOrder) => void>();
  readonly #orders: ReceivedOrder[] = [];

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.troubles = new Troubles(this.random);
    this.#ids = createIds(this.clock, (bytes) => bytes.forEach((_, index) => (bytes[index] = this.below(256))));
    this.sim = new KubeSim({ clock: this.#serverClock(), ids: this.#ids });
    this.gitHost = new WeatheredSources(this.git, this.troubles);
    this.renderer = new WeatheredRenderer({
      troubles: this.troubles,
      random: seededRandom(seed + 1),
      weather: () => this.gitHost.weather,
    });
    const transport = inProcessTransport((request) => this.sim.handle(request));
    this.people = createKubeClient({ transport, clock: this.clock, random: this.random });
    this.instances = [this.#makeInstance(), this.#makeInstance()];
    this.plane.receive((order) => this.#tell(order));
  }

  /** A whole number from 0 up to, and without, `count`. */
  below(count: number): number {
    return Math.floor(this.random.next() * count);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  async start(): Promise<void> {
    for (const name of [agentObjects.namespace, appNamespace]) {
      await this.people.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager: 'people' });
    }
    for (const instance of this.instances) void instance.launch();
    await this.clock.advance(5_000);
  }

  /** An order of any age comes once more. */
  repeatOrder(): void {
    if (this.#orders.length === 0) return;
    this.troubles.happened('orderRepeated');
    this.#deliver(this.pick(this.#orders));
  }

  /** The instance that holds the Lease, by what the API server has. */
  get leaseHolder(): string | undefined {
    const lease = this.sim.view.get(
      { group: 'coordination.k8s.io', plural: 'leases' },
      agentObjects.namespace,
      agentObjects.lease,
    ) as KubeObject | undefined;
    return (lease?.spec as { holderIdentity?: string } | undefined)?.holderIdentity;
  }

  /** A ConfigMap of the applications' namespace, as it is stored. */
  stored(name: string): KubeObject | undefined {
    return this.sim.view.get({ group: '', plural: 'configmaps' }, appNamespace, name) as KubeObject | undefined;
  }

  storedNames(): string[] {
    const objects = this.sim.view.list({ group: '', plural: 'configmaps' }, appNamespace);
    return objects.map(({ metadata }) => (metadata as { name: string }).name);
  }

  #makeInstance(): AgentInstance {
    const instance: AgentInstance = new AgentInstance({
      clock: this.clock,
      random: this.random,
      ids: this.#ids,
      troubles: this.troubles,
      identity: { cluster: clusterUid, orderKeys: [this.plane.key.publicKey] },
      transport: inProcessTransport((request) => this.#asAgent(instance, request)),
      sources: this.gitHost,
      renderer: this.renderer,
      renderCache: this.renderCache,
      line: this.#line(() => instance),
      onCall: (caller, call) => this.onCall(caller, call),
    });
    return instance;
  }

  #line(self: () => AgentInstance): ControlLine {
    const { plane, troubles } = this;
    return {
      get connected() {
        if (!plane.connected) troubles.happened('lineCut');
        return plane.connected;
      },
      send: (kind, message) => {
        this.onSaid(self(), kind, message);
        return plane.send(kind, message);
      },
      receive: (handler) => void this.#hearers.set(self(), handler),
    };
  }

  #tell(order: ReceivedOrder): void {
    if (order.kind === 'set') this.#orders.splice(0, Math.max(0, this.#orders.length - ordersMax + 1));
    if (order.kind === 'set') this.#orders.push(order);
    this.#deliver(order);
  }

  /** Both instances listen on the one subject of their cluster. */
  #deliver(order: ReceivedOrder): void {
    for (const hear of this.#hearers.values()) hear(order);
  }

  #serverClock(): Clock {
    return {
      now: () => this.clock.now() + this.serverClockOffMs,
      sleep: (ms, signal) => this.clock.sleep(ms, signal),
    };
  }

  async #asAgent(instance: AgentInstance, request: SimRequest) {
    const name = nameIn(request);
    const before = name ? this.stored(name) : undefined;
    const response = await this.sim.handle(request);
    if (!name || response.status >= 300 || request.query.has('dryRun')) return response;
    const { method, headers } = request;
    const sender = headers[senderHeader] ?? '';
    if (method === 'GET') this.onRead(sender, name, before);
    else this.onWrite({ instance, sender, method, name, before, after: this.stored(name), namedUid: uidIn(request) });
    return response;
  }
}

/** The ConfigMap of the applications' namespace that a request is about, if it is about one. */
function nameIn({ path }: Pick<SimRequest, 'path'>): string | undefined {
  const place = `/api/v1/namespaces/${appNamespace}/configmaps/`;
  return path.startsWith(place) ? path.slice(place.length) : undefined;
}

function uidIn({ method, body }: SimRequest): string | undefined {
  if (method !== 'DELETE' || !body) return undefined;
  return (JSON.parse(body) as { preconditions?: { uid?: string } }).preconditions?.uid;
}
