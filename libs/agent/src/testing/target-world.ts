import { Redacted, type Fault } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import type { ClusterFacts, DesiredEntry, KubeObject, TargetStatus } from '@flotilla/model';
import { TakenForms } from '../apply/taken-forms.ts';
import { RecordKeeper } from '../keep/record-keeper.ts';
import { Claims } from '../live/claims.ts';
import { GoneKinds } from '../live/gone-kinds.ts';
import { KeptNamespaces } from '../live/kept-namespaces.ts';
import { LiveObjects } from '../live/live-objects.ts';
import { Suspensions } from '../live/suspensions.ts';
import { agentObjects } from '../names.ts';
import { Reconciler } from '../reconcile/reconcile.ts';
import { RenderDesk } from '../render/render-desk.ts';
import type { StepPorts } from '../reconcile/step.ts';
import { appsNamespace, configMapKey, entryOf, filesOf } from './factories.ts';
import { FailingCluster } from './failing-cluster.ts';
import { InMemoryCluster } from './in-memory-cluster.ts';
import { InMemoryRenderCache } from './in-memory-render-cache.ts';
import { FailingRenderer, InMemoryRenderer } from './in-memory-renderer.ts';
import { FailingSources, InMemorySources } from './in-memory-sources.ts';
import { RecordingTracer } from './recording-tracer.ts';

export type ToldStatus = Omit<TargetStatus, 'since'>;

/** The loop over targets on a cluster in memory, in virtual time: what an agent is without its line to anybody. */
export class TargetWorld {
  readonly clock = new VirtualClock();
  readonly api = new InMemoryCluster(this.clock);
  readonly failing = new FailingCluster(this.api);
  readonly people = this.api.as('kubectl-edit');
  readonly git = new InMemorySources();
  readonly gitHost = new FailingSources(this.git);
  readonly programs = new InMemoryRenderer();
  readonly renderer = new FailingRenderer(this.programs);
  readonly renderCache = new InMemoryRenderCache();
  facts: ClusterFacts = { kubernetesVersion: 'v1.36.0', agentVersion: '0.1.0' };
  /** For how long nobody has answered the agent, and how often it asked. */
  readonly hearing = { unheardMs: 0, asked: 0, askForReceipt: () => void (this.hearing.asked += 1) };
  readonly tracer = new RecordingTracer();
  readonly told: ToldStatus[] = [];
  readonly faults: Fault[] = [];
  readonly #entries = new Map<string, DesiredEntry>();
  ports: StepPorts;
  reconciler: Reconciler;

  /** Where the agent keeps its own. */
  readonly namespace: string;

  private constructor(namespace: string) {
    this.namespace = namespace;
    this.gitHost.gone = false;
    this.ports = this.#makePorts();
    this.reconciler = this.#makeReconciler();
  }

  /** With the agent's namespace and that of the applications in place. */
  static async open(namespace: string = agentObjects.namespace): Promise<TargetWorld> {
    const world = new TargetWorld(namespace);
    for (const name of [namespace, appsNamespace])
      await world.people.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await world.settle();
    world.api.writes.length = 0;
    return world;
  }

  /** A new process on the same cluster: everything in memory is lost. Its set holds these entries by now. */
  async restart(...entries: readonly DesiredEntry[]): Promise<void> {
    for (const entry of entries) this.#entries.set(entry.target, entry);
    await this.reconciler.stop();
    const { live, namespaces, suspensions } = this.ports;
    await Promise.all([live.stop(), namespaces.stop(), suspensions.stop()]);
    this.ports = this.#makePorts();
    this.reconciler = this.#makeReconciler();
    await this.ports.suspensions.synced;
    const records = await this.ports.records.load((_name, fault) => void this.faults.push(fault));
    for (const record of records) this.reconciler.recall(record);
    for (const entry of this.#entries.values()) this.reconciler.order(entry.target, entry);
    await this.settle();
  }

  entry(texts: readonly string[], over: Partial<DesiredEntry> = {}): DesiredEntry {
    const files = filesOf(...texts);
    return entryOf(this.git.commit(files), files, over);
  }

  /** Orders an entry and waits until there is nothing left to do now. */
  async order(entry: DesiredEntry): Promise<DesiredEntry> {
    this.#entries.set(entry.target, entry);
    this.reconciler.order(entry.target, entry);
    await this.settle();
    return entry;
  }

  async unlist(target: string): Promise<void> {
    this.#entries.delete(target);
    this.reconciler.order(target, undefined);
    await this.settle();
  }

  run(texts: readonly string[], over: Partial<DesiredEntry> = {}): Promise<DesiredEntry> {
    return this.order(this.entry(texts, over));
  }

  /** Lets everything happen that is due within this time. */
  async settle(ms = 0): Promise<void> {
    await this.clock.advance(ms);
  }

  /** What was told last of a target. */
  status(target = 'target1'): ToldStatus | undefined {
    return this.told.findLast((status) => status.target === target);
  }

  /** Sync, health and the code of the reason, in one line. */
  summary(target = 'target1'): string {
    const { sync, health, reason } = this.status(target) ?? {};
    return [sync, health, ...(reason ? [reason.code] : [])].join(' ');
  }

  data(name: string): Record<string, string> | undefined {
    return this.api.peek(configMapKey(name))?.data as Record<string, string> | undefined;
  }

  record(target = 'target1'): KubeObject | undefined {
    return this.api.peek(this.ports.records.keyOf(target));
  }

  /** What a person says with kubectl on a target's record. */
  async annotateRecord(annotations: Record<string, string | null>, target = 'target1'): Promise<void> {
    await this.people.mergePatch(this.ports.records.keyOf(target), { metadata: { annotations } });
    await this.settle();
  }

  /** Writes to the objects of the applications; the agent's own records are left out. Empties the list. */
  takeWrites(): string[] {
    return this.api.writes.splice(0).filter((line) => !line.includes(`${agentObjects.namespace}/`));
  }

  #makePorts(): StepPorts {
    const { clock } = this;
    const { cluster } = this.failing;
    const { namespace } = this;
    const claims = new Claims();
    const renderKey = new Redacted(Buffer.alloc(32, 7));
    return {
      cluster,
      sources: this.gitHost,
      records: new RecordKeeper(cluster, namespace),
      live: new LiveObjects({
        cluster,
        clock,
        onChange: ({ id, target }) => this.reconciler.look(claims.holder(id) ?? target ?? ''),
      }),
      goneKinds: new GoneKinds({ cluster, clock }),
      namespaces: new KeptNamespaces({ cluster, clock, onChange: (name) => this.reconciler.lookIn(name) }),
      claims,
      suspensions: new Suspensions({
        cluster,
        namespace,
        onChange: (target) => (target === undefined ? this.reconciler.lookAtAll() : this.reconciler.look(target)),
        onRecordLost: (target) => this.reconciler.recordLost(target),
      }),
      clock,
      namespace,
      renderKey,
      renders: new RenderDesk({ renderer: this.renderer, cache: this.renderCache, key: renderKey, clock }),
      taken: new TakenForms(clock),
      hearing: this.hearing,
      facts: () => this.facts,
    };
  }

  #makeReconciler(): Reconciler {
    return new Reconciler({
      ports: this.ports,
      random: { next: () => 0.5 },
      tracer: this.tracer,
      onStatus: (status) => void this.told.push(status),
      onFault: (_target, fault) => void this.faults.push(fault),
    });
  }
}
