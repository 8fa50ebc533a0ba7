import {
  Agent,
  agentObjects,
  type AgentEvent,
  type ControlLine,
  type ReceivedOrder,
  type SourceFile,
} from '@flotilla/agent';
import { headerNames, signatureText, signedBytes, type Hello, type Receipt, type Report } from '@flotilla/contracts';
import {
  createIds,
  Fault,
  isoTime,
  Redacted,
  systemClock,
  systemRandom,
  type Clock,
  type Ids,
  type Random,
} from '@flotilla/foundation';
import { keyPairOf, newSeed, sha256, signBytes } from '@flotilla/foundation/node';
import {
  compareFences,
  noFence,
  type DesiredEntry,
  type EntrySource,
  type Fence,
  type KubeObject,
  type TargetStatus,
} from '@flotilla/model';
import { entryDigest, setDigest } from '@flotilla/model/node';
import { createKubeClient, ManagedCluster, type KubeClient, type KubeTransport } from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';

const clusterUid = 'cluster1';

/** A control plane of one cluster, played by a test: it signs sets, stores reports, and can be silent. */
export class PlayedPlane implements ControlLine {
  connected = true;
  readonly statuses = new Map<string, TargetStatus>();
  readonly history: TargetStatus[] = [];
  readonly hellos: Hello[] = [];
  readonly orderKey: { id: string; publicKey: string };
  readonly #pair = keyPairOf(newSeed());
  #handler: (order: ReceivedOrder) => void = () => undefined;
  #entries = new Map<string, DesiredEntry>();
  #fence: Fence = { epoch: 1, generation: 0 };

  constructor() {
    this.orderKey = {
      id: sha256(this.#pair.publicKey).slice(0, 16),
      publicKey: Buffer.from(this.#pair.publicKey).toString('base64url'),
    };
  }

  send(kind: string, message: object): boolean {
    if (!this.connected) return false;
    if (kind === 'hello') this.#heardHello(message as Hello);
    if (kind === 'report') this.#heardReport(message as Report);
    return true;
  }

  receive(handler: (order: ReceivedOrder) => void): void {
    this.#handler = handler;
  }

  /** Orders entries as the next generation and returns it. */
  order(...entries: DesiredEntry[]): number {
    const generation = this.#fence.generation + 1;
    this.#fence = { ...this.#fence, generation };
    for (const entry of entries) this.#entries.set(entry.target, { ...entry, generation });
    this.#sendSet(noFence);
    return generation;
  }

  /** Drops entries from the set without a word about them, which must never delete anything. */
  unlist(...targets: string[]): void {
    for (const target of targets) this.#entries.delete(target);
    this.#fence = { ...this.#fence, generation: this.#fence.generation + 1 };
    this.#sendSet(noFence);
  }

  /** Says the newest set again, as a broker may. */
  repeat(): void {
    this.#sendSet(noFence);
  }

  status(target: string): TargetStatus | undefined {
    return this.statuses.get(target);
  }

  #sendSet(from: Fence): void {
    if (!this.connected) return;
    const entries = [...this.#entries.values()];
    const change = {
      v: 1,
      at: isoTime(systemClock.now()),
      cluster: clusterUid,
      ...this.#fence,
      previous: from.generation,
      entries: entries.filter((entry) => entry.generation > from.generation),
      setDigest: setDigest(entries.map(entryDigest)),
    };
    this.#tell('set', change);
  }

  #heardHello(hello: Hello): void {
    this.hellos.push(hello);
    if (compareFences(hello.fence, this.#fence) < 0 && this.#fence.generation > 0) this.#sendSet(noFence);
  }

  #heardReport({ number, items }: Report): void {
    for (const item of items) {
      this.statuses.set(item.target, item);
      this.history.push(item);
    }
    const receipt: Receipt = { v: 1, at: isoTime(systemClock.now()), number };
    queueMicrotask(() => this.#tell('receipt', receipt));
  }

  #tell(kind: 'set' | 'receipt', body: object): void {
    const data = new TextEncoder().encode(JSON.stringify(body));
    const signature = Buffer.from(signBytes(signedBytes(kind, data), this.#pair.privateKey)).toString('base64url');
    const headers = { [headerNames.signature]: signatureText(this.orderKey.id, signature) };
    this.#handler({
      kind,
      subject: `fleet.${clusterUid}.down.${kind}`,
      data,
      signature: headers[headerNames.signature],
      traceparent: undefined,
    });
  }
}

/** What stands in Git, by commit and path; a test can take it away. */
export class PlayedGit {
  readonly #commits = new Map<string, Record<string, string>>();
  gone = false;
  reads = 0;
  #count = 0;

  /** A commit with exactly these files. */
  commit(files: Record<string, string>): string {
    const id = (++this.#count).toString(16).padStart(40, '0');
    this.#commits.set(id, files);
    return id;
  }

  async read({ revision, path }: EntrySource): Promise<readonly SourceFile[]> {
    this.reads++;
    if (this.gone) throw new Fault({ code: 'unavailable', reason: 'GitUnreachable', message: 'Git is away' });
    const files = Object.entries(this.#commits.get(revision) ?? {}).filter(([name]) => name.startsWith(`${path}/`));
    return files.map(([name, text]) => ({ path: name, content: Buffer.from(text) }));
  }

  filesAt(revision: string): Record<string, string> {
    return this.#commits.get(revision) ?? {};
  }
}

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
  readonly plane = new PlayedPlane();
  readonly git = new PlayedGit();
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
    const target = over.target ?? 'target1';
    return {
      target,
      project: 'shop',
      application: 'checkout',
      environment: 'dev',
      generation: 0,
      intent: 'run',
      release: `release${revision.slice(-4)}`,
      sourceDigest: sha256(JSON.stringify(this.git.filesAt(revision))).slice(0, 16),
      namespace: `${this.namespace}-apps`,
      source: { url: 'https://git.example.org/shop.git', revision, path: 'app', also: [] },
      sync: { prune: true, drift: 'correct', adopt: false, createNamespace: true },
      ...over,
    };
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
        return last && condition(last) && last;
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
      identity: {
        cluster: clusterUid,
        name: 'c1',
        project: 'shop',
        userJwt: '',
        userSeed: new Redacted(''),
        servers: [],
        orderKeys: [this.plane.orderKey],
        expiresAt: '',
        renderKey: this.#renderKey,
      },
      instance: ids.next(),
      namespace: this.namespace,
      cluster: new ManagedCluster({ client, manager: 'flotilla', clock, random }),
      sources: this.git,
      line,
      lease: { isHeld: true, transitions: 1 },
      facts: () => ({ kubernetesVersion: 'v1', agentVersion: 'v1' }),
      clock,
      random,
      tracer: { inSpan: (_name, _options, work) => work(), current: () => undefined },
      onEvent: (event) => this.events.push(event),
    });
  }
}

const groups: Readonly<Record<string, string>> = { Deployment: 'apps', HorizontalPodAutoscaler: 'autoscaling' };
