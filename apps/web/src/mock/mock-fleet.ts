import type {
  ClusterView,
  DocumentView,
  EventView,
  RolloutCourseView,
  RolloutView,
  StageView,
  StreamEvent,
  TargetCountView,
  TargetView,
} from '@flotilla/contracts';
import { countsByCluster } from '../clusters/counts-by-cluster.ts';
import { countKey } from '../live/live-key.ts';
import type { LiveKind, LiveNouns } from '../live/live-state.ts';
import { keyOf } from '../live/live-key.ts';
import type { MockRollbacks } from './rollback-factory.ts';
import type { FleetSeed } from './seed-fleet.ts';

type Kept = { readonly [Kind in LiveKind]: Map<string, LiveNouns[Kind]> };

/** A made-up control plane: what it knows, and whom it tells. */
export class MockFleet {
  readonly kept: Kept = {
    target: new Map(),
    cluster: new Map(),
    count: new Map(),
    document: new Map(),
    rollout: new Map(),
    event: new Map(),
  };
  /** Of a rollout whose waves do not follow from its targets: who is where. */
  readonly waves = new Map<string, RolloutCourseView['waves']>();
  /** What the stream does not tell: it is read. */
  stages: readonly StageView[];
  rollbacks: MockRollbacks;
  readonly #watchers = new Set<(events: readonly StreamEvent[]) => void>();

  constructor({ documents, clusters, targets, rollouts, stages, rollbacks }: FleetSeed) {
    this.stages = stages;
    this.rollbacks = rollbacks;
    for (const document of documents) this.#put('document', document);
    for (const cluster of clusters) this.#put('cluster', cluster);
    for (const rollout of rollouts) this.#put('rollout', rollout);
    this.putTargets(targets);
  }

  /** Tells of every change until the returned function is called. */
  watch(tell: (events: readonly StreamEvent[]) => void): () => void {
    this.#watchers.add(tell);
    return () => void this.#watchers.delete(tell);
  }

  /** Targets as they are now; the counts that follow from them are told as well. */
  putTargets(targets: readonly TargetView[]): void {
    const events = targets.map((target) => this.#put('target', target));
    const squares = new Set(targets.map(({ spec }) => countKey(spec.application, spec.environment)));
    this.#tell([...events, ...this.#counts(squares)]);
  }

  removeTarget(uid: string): void {
    const target = this.kept.target.get(uid);
    if (!target) return;
    this.kept.target.delete(uid);
    const { application, environment } = target.spec;
    const gone = { type: 'DELETED' as const, kind: 'target' as const, object: { metadata: { uid } } };
    this.#tell([gone, ...this.#counts(new Set([countKey(application, environment)]))]);
  }

  putCluster(cluster: ClusterView): void {
    this.#tell([this.#put('cluster', cluster)]);
  }

  putRollout(rollout: RolloutView): void {
    this.#tell([this.#put('rollout', rollout)]);
  }

  putDocument(document: DocumentView): void {
    this.#tell([this.#put('document', document)]);
  }

  putEvent(event: EventView): void {
    this.#tell([this.#put('event', event)]);
  }

  #counts(keys: ReadonlySet<string>): StreamEvent[] {
    const bySquare = new Map<string, TargetView[]>();
    for (const target of this.kept.target.values()) {
      const key = countKey(target.spec.application, target.spec.environment);
      if (keys.has(key)) bySquare.set(key, [...(bySquare.get(key) ?? []), target]);
    }
    return [...keys].map((key) => {
      const targets = bySquare.get(key);
      if (targets) return this.#put('count', countOf(targets));
      this.kept.count.delete(key);
      return { type: 'DELETED', kind: 'count', object: { metadata: { uid: key } } };
    });
  }

  #put<Kind extends LiveKind>(kind: Kind, object: LiveNouns[Kind]): StreamEvent {
    const key = keyOf(kind, object)!;
    const type = this.kept[kind].has(key) ? 'MODIFIED' : 'ADDED';
    this.kept[kind].set(key, object);
    return { type, kind, object };
  }

  #tell(events: readonly StreamEvent[]): void {
    for (const tell of this.#watchers) tell(events);
  }
}

function countOf(targets: readonly TargetView[]): TargetCountView {
  const { application, environment, revision } = targets[0]!.spec;
  const alike = targets.map((target) => ({ ...target, spec: { ...target.spec, cluster: '' } }));
  return { application, environment, revision, ...countsByCluster(alike).get('')! };
}
