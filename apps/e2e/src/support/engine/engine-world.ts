import type { ControlLine } from '@flotilla/agent';
import { systemClock, type Clock } from '@flotilla/foundation';
import type { DesiredEntry, GroupKind, KubeObject, TargetStatus } from '@flotilla/model';
import { until } from '@flotilla/testing';
import { AgentFixture } from '../agent-fixture.ts';
import type { OpenApiServer } from '../api-servers.ts';
import { Mortal } from '../../simulation/mortal.ts';
import { LyingTransport } from './lying-transport.ts';
import { RecordedTransport, type SentRequest } from './recorded-transport.ts';

export interface EngineWorldOptions {
  /** How far the agent's clock is ahead of the API server's. */
  readonly clockOffByMs?: number;
  /** Whose rights the agent has, when it is not everybody's. */
  readonly token?: string;
}

const target = 'target1';
let count = 0;

/**
 * An agent on an API server of tests, everything that it sends written down. What it sees may be lied about, and its
 * process may die at any request. People and the rest of the cluster see the API server as it is.
 */
export class EngineWorld {
  readonly agent: AgentFixture;
  readonly recorded: RecordedTransport;
  readonly lies: LyingTransport;
  /** Of the process that runs now. */
  process = new Mortal();
  readonly #clock: Clock;

  private constructor(server: OpenApiServer, { clockOffByMs = 0, token }: EngineWorldOptions) {
    this.recorded = new RecordedTransport(token === undefined ? server.transport : server.transportFor(token));
    this.lies = new LyingTransport(this.recorded);
    this.#clock = {
      now: () => systemClock.now() + clockOffByMs,
      sleep: (ms, signal) => systemClock.sleep(ms, signal),
    };
    this.agent = new AgentFixture({
      transport: server.transport,
      namespace: `engine-${++count}`,
      incarnate: (line) => this.#incarnate(line),
    });
  }

  static async open(server: OpenApiServer, options: EngineWorldOptions = {}): Promise<EngineWorld> {
    const world = new EngineWorld(server, options);
    await world.agent.ensureNamespace(world.namespace);
    await world.agent.start();
    return world;
  }

  /** Where the objects of the application live. */
  get namespace(): string {
    return `${this.agent.namespace}-apps`;
  }

  /** What reached the API server of what concerns applications; the agent's own things are left out. */
  get sent(): readonly SentRequest[] {
    return this.recorded.sent.filter(({ path }) => !path.startsWith(`/api/v1/namespaces/${this.agent.namespace}/`));
  }

  get deletes(): readonly string[] {
    return this.sent.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
  }

  get writes(): readonly string[] {
    return this.sent
      .filter(({ method, query }) => method !== 'GET' && !query.includes('dryRun'))
      .map(({ method, path }) => `${method} ${path}`);
  }

  /** Orders that these files run, and returns the entry that says so. */
  order(files: Record<string, string>, over: Partial<DesiredEntry> = {}): DesiredEntry {
    const entry = this.agent.entry(this.agent.git.commit(files), over);
    this.agent.plane.order(entry);
    return entry;
  }

  /** The same, and waits until they are in step. */
  async run(files: Record<string, string>, over: Partial<DesiredEntry> = {}): Promise<DesiredEntry> {
    const entry = this.order(files, over);
    await this.agent.synced(entry.target, entry.source.revision);
    return entry;
  }

  /** Waits until this is the reason that is told. */
  told(code: string, of = target): Promise<TargetStatus> {
    return this.agent.reported(of, ({ reason }) => reason?.code === code, code);
  }

  settled(): Promise<void> {
    return this.agent.agent.reconciler.settled();
  }

  /** Has the agent look at everything, as it does by itself from time to time, and waits until it has. */
  async look(): Promise<void> {
    this.agent.agent.reconciler.lookAtAll();
    await this.settled();
  }

  async list(kind: string | GroupKind, namespace: string | undefined = this.namespace): Promise<readonly KubeObject[]> {
    const asked = typeof kind === 'string' ? { group: '', kind } : kind;
    return (await this.agent.client.list(asked, { ...(namespace && { namespace }) })).items;
  }

  /** Names and data of the application's ConfigMaps; those that Kubernetes itself puts into a namespace are left out. */
  async data(): Promise<Record<string, unknown>> {
    const maps = (await this.list('ConfigMap')).filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
    return Object.fromEntries(maps.map(({ metadata, data }) => [metadata.name, data]));
  }

  /** A person changes something of a ConfigMap. */
  async patch(name: string, patch: Record<string, unknown>, manager = 'kubectl-edit'): Promise<void> {
    await this.agent.client.mergePatch({ group: '', kind: 'ConfigMap', namespace: this.namespace, name }, patch, {
      manager,
    });
  }

  /** What a person reads in the status, and does. */
  async approve(): Promise<void> {
    const { reason } = this.agent.plane.status(target)!;
    const [, digest] = /approve-prune=(\w+)/.exec(reason!.message)!;
    await this.agent.annotateRecord(target, { 'flotilla.dev/approve-prune': digest! });
  }

  /** The process that runs is gone from one moment to the next; another begins, which may be told when to die. */
  async dieAndStart(prepare: (process: Mortal) => void = () => undefined): Promise<void> {
    const before = this.agent.agent;
    this.process.kill();
    this.process = new Mortal();
    this.agent.replaceAgent();
    // What is left of it in this process hears nothing any more and is not waited for.
    this.lies.cutWatches();
    void before.stop();
    prepare(this.process);
    let isUp = false;
    void this.agent.agent.start().then(() => (isUp = true));
    await until(() => isUp || this.process.dead, { what: 'the next process to be up, or to die' });
  }

  async untilGone(kind: string | GroupKind, name: string): Promise<void> {
    await until(async () => !(await this.list(kind)).some(({ metadata }) => metadata.name === name), {
      what: `${name} to be gone`,
      timeoutMs: 30_000,
    });
  }

  async stop(): Promise<void> {
    this.lies.beHonest();
    await this.agent.stop();
  }

  #incarnate(line: ControlLine) {
    const { process, lies } = this;
    return { transport: process.transport(lies), clock: process.clock(this.#clock), line: process.line(line) };
  }
}

/** Files of one application, each text a file of its own. */
export function filesOf(...texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text, index) => [`app/${index}.yaml`, text]));
}

export function configMap(
  name: string,
  data: Record<string, string> = { a: '1' },
  annotations: Record<string, string> = {},
): string {
  const metadata = { name, annotations };
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: ${JSON.stringify(metadata)}\ndata: ${JSON.stringify(data)}\n`;
}

/** As many ConfigMaps as asked for, called `c0`, `c1` and so on. */
export function configMaps(size: number, data?: Record<string, string>): string[] {
  return Array.from({ length: size }, (_, index) => configMap(`c${index}`, data));
}
