import { Agent, agentObjects, noTracer, type AgentEvent, type ControlLine } from '@flotilla/agent';
import {
  entryOf,
  FailingSources,
  identityOf,
  InMemoryRenderer,
  InMemorySources,
  PlayedPlane,
} from '@flotilla/agent/testing';
import {
  createIds,
  Redacted,
  systemClock,
  systemRandom,
  type Clock,
  type Ids,
  type Random,
} from '@flotilla/foundation';
import type { DesiredEntry, KubeObject, TargetStatus } from '@flotilla/model';
import { createKubeClient, ManagedCluster, type KubeClient, type KubeTransport } from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';

const clusterUid = 'cluster1';

export interface AgentFixtureOptions {
  readonly transport: KubeTransport;
  /** Keeps fixtures on one API server apart. */
  readonly namespace?: string;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly ids?: Ids;
  /** The ports of the next process of the agent, where they are not simply the ones above. */
  readonly incarnate?: (line: ControlLine) => { transport: KubeTransport; clock: Clock; line: ControlLine };
}

/** A real agent core on an API server, with a control plane and a Git that tests play. */
export class AgentFixture {
  readonly plane: PlayedPlane;
  readonly git = new InMemorySources();
  /** The Git host as the agent reaches it. */
  readonly gitHost = new FailingSources(this.git);
  readonly client: KubeClient;
  readonly events: AgentEvent[] = [];
  readonly namespace: string;
  readonly #options: AgentFixtureOptions;
  readonly #renderKey = new Redacted(Buffer.alloc(32, 7));
  agent: Agent;

  constructor(options: AgentFixtureOptions) {
    this.#options = options;
    this.namespace = options.namespace ?? agentObjects.namespace;
    const clock = options.clock ?? systemClock;
    const random = options.random ?? systemRandom;
    this.client = createKubeClient({ transport: options.transport, clock, random });
    this.plane = new PlayedPlane(clock, clusterUid);
    this.gitHost.gone = false;
    this.agent = this.#make();
  }

  async start(): Promise<void> {
    await this.ensureNamespace(this.namespace);
    await this.agent.start();
  }

  /** Stops the process and starts another on the same cluster: everything in memory is lost. */
  async restart(): Promise<void> {
    await this.agent.stop();
    this.replaceAgent();
    await this.agent.start();
  }

  /** A new process for the same cluster, not started yet. The one before is left as it is, dead or stopped. */
  replaceAgent(): void {
    this.agent = this.#make();
  }

  async stop(): Promise<void> {
    await this.agent.stop();
  }

  /** An entry that runs what stands at `app/` of a commit. */
  entry(revision: string, over: Partial<DesiredEntry> = {}): DesiredEntry {
    const namespace = `${this.namespace}-apps`;
    return entryOf(revision, this.git.filesAt(revision), { generation: 0, namespace, ...over });
  }

  /** Orders these files to run, as one application, and returns its target. */
  run(files: Record<string, string>, over: Partial<DesiredEntry> = {}): string {
    const entry = this.entry(this.git.commit(files), over);
    this.plane.order(entry);
    return entry.target;
  }

  /** Waits until the newest order for a target is reported with this condition. */
  async reported(
    target: string,
    condition: (status: TargetStatus) => boolean,
    what = 'the status',
  ): Promise<TargetStatus> {
    let last: TargetStatus | undefined;
    return until(
      () => {
        last = this.plane.status(target);
        const isOfNewest = last?.generation === (this.plane.ordered(target)?.generation ?? 0);
        return last && isOfNewest && condition(last) && last;
      },
      { what, timeoutMs: 20_000 },
    ).catch((error: unknown) => {
      const { resources: _, ...told } = last ?? ({} as TargetStatus);
      throw new Error(`${what}: last heard ${JSON.stringify(told)}`, { cause: error });
    });
  }

  /** Waits until what was ordered last for this target is applied and in step. */
  synced(target: string, revision: string): Promise<TargetStatus> {
    return this.reported(
      target,
      (status) => status.sync === 'Synced' && status.revision === revision,
      `${target} at ${revision.slice(-4)}`,
    );
  }

  async ensureNamespace(name: string): Promise<void> {
    await this.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager: 'test' });
  }

  get(kind: string, name: string, namespace = `${this.namespace}-apps`): Promise<KubeObject | undefined> {
    return this.client.get({ group: groups[kind] ?? '', kind, namespace, name });
  }

  annotateRecord(target: string, annotations: Record<string, string | null>): Promise<unknown> {
    const key = { group: '', kind: 'Secret', namespace: this.namespace, name: agentObjects.record(target) };
    return this.client.mergePatch(key, { metadata: { annotations } }, { manager: 'kubectl' });
  }

  #make(): Agent {
    const { random = systemRandom, ids = createIds() } = this.#options;
    const { transport, clock, line } = this.#options.incarnate?.(this.plane) ?? {
      transport: this.#options.transport,
      clock: this.#options.clock ?? systemClock,
      line: this.plane,
    };
    const client = createKubeClient({ transport, clock, random });
    return new Agent({
      identity: identityOf({ cluster: clusterUid, orderKeys: [this.plane.key.publicKey], renderKey: this.#renderKey }),
      instance: ids.next(),
      namespace: this.namespace,
      cluster: new ManagedCluster({ client, manager: 'flotilla', clock, random }),
      sources: this.gitHost,
      renderer: new InMemoryRenderer(),
      line,
      lease: { isHeld: true, transitions: 1 },
      facts: () => ({ kubernetesVersion: 'v1', agentVersion: 'v1' }),
      clock,
      random,
      tracer: noTracer,
      onEvent: (event) => this.events.push(event),
    });
  }
}

const groups: Readonly<Record<string, string>> = { Deployment: 'apps', HorizontalPodAutoscaler: 'autoscaling' };
