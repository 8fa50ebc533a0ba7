import { createIds, seededRandom, type Random } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { KubeSim, type SimRequest } from '@flotilla/kubesim';
import type { KubeObject } from '@flotilla/model';
import { createKubeClient, inProcessTransport, type KubeClient, type KubeTransport } from '@flotilla/platform-kube';
import { AgentFixture } from '../support/agent-fixture.ts';
import { WeatheredTransport } from './bad-weather.ts';
import { Mortal } from './mortal.ts';

export const agentNamespace = 'flotilla-system';
export const appNamespace = `${agentNamespace}-apps`;

/** One write of the agent that had an effect, with the object before and after it. */
export interface AgentWrite {
  readonly method: string;
  readonly name: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/**
 * One agent, one simulated cluster, a control plane and a Git that the run plays, in one process and in virtual time.
 * Everything that happens follows from the seed.
 */
export class AgentWorld {
  readonly random: Random;
  readonly clock = new VirtualClock();
  readonly sim: KubeSim;
  readonly weather: WeatheredTransport;
  /** What people and other controllers use: it has no weather. */
  readonly people: KubeClient;
  readonly fixture: AgentFixture;
  /** Told of each write of the agent to the namespace of the applications, when it happens. */
  onWrite: (write: AgentWrite) => void = () => undefined;
  /** Told when the agent sends such a write; what becomes of it, and when, is another matter. */
  onSend: (name: string) => void = () => undefined;
  #process = new Mortal();

  constructor(seed: number) {
    this.random = seededRandom(seed);
    const ids = createIds(this.clock, (bytes) => bytes.forEach((_, index) => (bytes[index] = this.below(256))));
    this.sim = new KubeSim({ clock: this.clock, ids });
    const own = inProcessTransport((request) => this.#asAgent(request));
    this.weather = new WeatheredTransport(own, { clock: this.clock, random: this.random });
    const transport = inProcessTransport((request) => this.sim.handle(request));
    this.people = createKubeClient({ transport, clock: this.clock, random: this.random });
    this.fixture = new AgentFixture({
      transport,
      clock: this.clock,
      random: this.random,
      ids,
      incarnate: (line) => {
        this.#process = new Mortal();
        return {
          transport: this.#told(this.#process.transport(this.weather)),
          clock: this.#process.clock(this.clock),
          line: this.#process.line(line),
        };
      },
    });
  }

  /** A whole number from 0 up to, and without, `count`. */
  below(count: number): number {
    return Math.floor(this.random.next() * count);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  async start(): Promise<void> {
    for (const name of [agentNamespace, appNamespace]) {
      await this.people.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager: 'people' });
    }
    await this.#launch();
  }

  /** Kills the agent some port calls from now, before the effect of the last or right after it, and starts another. */
  async crash(calls: number, after: boolean): Promise<void> {
    if (calls > 0) {
      this.#process.killIn(calls, after);
      await this.clock.advance(1_000 + this.below(4_000));
    }
    this.#process.kill();
    this.fixture.replaceAgent();
    await this.#launch();
  }

  /** A ConfigMap of the applications' namespace, as it is stored. */
  stored(name: string): KubeObject | undefined {
    return this.sim.view.get({ group: '', plural: 'configmaps' }, appNamespace, name) as KubeObject | undefined;
  }

  storedNames(): string[] {
    const objects = this.sim.view.list({ group: '', plural: 'configmaps' }, appNamespace);
    return objects.map(({ metadata }) => (metadata as { name: string }).name);
  }

  /** Starting asks the API server for things, and in bad weather that takes its time. What fails starts anew. */
  async #launch(): Promise<void> {
    const progress: { outcome?: 'started' | 'failed' } = {};
    const failed = () => void (progress.outcome = 'failed');
    this.fixture.agent.start().then(() => void (progress.outcome = 'started'), failed);
    for (let second = 0; second < 300 && !progress.outcome; second++) await this.clock.advance(1_000);
    if (progress.outcome === 'started') return;
    this.#process.kill();
    this.fixture.replaceAgent();
    await this.#launch();
  }

  #told(transport: KubeTransport): KubeTransport {
    return {
      request: (request) => {
        const name = nameIn(request);
        if (name) this.onSend(name);
        return transport.request(request);
      },
    };
  }

  async #asAgent(request: SimRequest) {
    const name = nameIn(request);
    const before = name && this.stored(name);
    const response = await this.sim.handle(request);
    if (name && response.status < 300 && !request.query.has('dryRun')) {
      this.onWrite({ method: request.method, name, before: before || undefined, after: this.stored(name) });
    }
    return response;
  }
}

/** The ConfigMap of the applications' namespace that a request writes, if it does. */
function nameIn({ method, path }: Pick<SimRequest, 'method' | 'path'>): string | undefined {
  const place = `/api/v1/namespaces/${appNamespace}/configmaps/`;
  return method !== 'GET' && path.startsWith(place) ? path.slice(place.length) : undefined;
}
