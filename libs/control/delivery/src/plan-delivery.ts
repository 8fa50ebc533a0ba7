import { canonicalJson, type Ids } from '@flotilla/foundation';
import { matchesLabels, shortCommit, type DesiredEntry, type RemovalMode } from '@flotilla/model';
import { desiredEntry } from './desired-entry.ts';
import type { ApplicationFacts, DeliveryFacts, ReleaseFacts, StageFacts, TargetFacts } from './facts.ts';
import { planReleases, type DeliveryProblem, type PlannedRelease } from './plan-releases.ts';

/** What is to be written so that the world becomes what the facts say it should be. */
export interface DeliveryPlan {
  readonly releases: readonly PlannedRelease[];
  readonly rollouts: readonly PlannedRollout[];
  /** Targets whose entry is new or different. */
  readonly changes: readonly TargetChange[];
  /** Targets that have left their cluster and can be forgotten. */
  readonly removals: readonly { readonly uid: string; readonly cluster: string }[];
  /** What a person has to mend; everything else goes on. */
  readonly problems: readonly DeliveryProblem[];
}

export interface PlannedRollout {
  readonly uid: string;
  readonly environment: string;
  readonly release: string;
  readonly revision: string;
  /** The rollout that this one takes over from before it finished. */
  readonly supersedes?: string;
}

export interface TargetChange {
  readonly uid: string;
  readonly cluster: string;
  readonly environment: string;
  readonly isNew: boolean;
  readonly onRemove: RemovalMode;
  /** Its generation is filled in when the cluster's set is locked. */
  readonly entry: Omit<DesiredEntry, 'generation'>;
}

/** Decides what shall run where. Pure: facts in, the plan out. A stage with a problem keeps what it runs. */
export function planDelivery(facts: DeliveryFacts, ids: Ids): DeliveryPlan {
  const { releases, chosen, problems } = planReleases(facts, ids);
  const known = new Map([...facts.releases, ...releases].map((release) => [release.uid, release]));
  const wanted = facts.stages.flatMap((stage) => stageTargets(stage, { facts, known, chosen, ids }));
  const wantedIds = new Set(wanted.map(({ uid }) => uid));
  const leaving = facts.targets.filter(({ uid }) => !wantedIds.has(uid));
  return {
    releases,
    rollouts: planRollouts(facts.stages, chosen, ids),
    changes: [...wanted, ...leaving.filter(({ gone }) => !gone).map(departure)].filter(differsFrom(facts.targets)),
    removals: leaving.filter(({ gone }) => gone).map(({ uid, cluster }) => ({ uid, cluster })),
    problems,
  };
}

interface StageContext {
  readonly facts: DeliveryFacts;
  readonly known: ReadonlyMap<string, ReleaseFacts>;
  /** The release that each environment is to run from now on. */
  readonly chosen: ReadonlyMap<string, ReleaseFacts>;
  readonly ids: Ids;
}

function stageTargets(stage: StageFacts, { facts, known, chosen, ids }: StageContext): TargetChange[] {
  const release = chosen.get(stage.environment) ?? (stage.current && known.get(stage.current.release));
  const { document } = facts.application;
  if (!release || !document) return keepAll(stage, facts);
  const clusters = facts.clusters.filter(({ labels }) => matchesLabels(stage.clusters, labels));
  return clusters.map((cluster) => {
    const existing = facts.targets.find(
      (target) => target.environment === stage.environment && target.cluster === cluster.uid,
    );
    const uid = existing?.uid ?? ids.next();
    return {
      uid,
      cluster: cluster.uid,
      environment: stage.environment,
      isNew: !existing,
      onRemove: document.spec.sync.onRemove,
      entry: desiredEntry({ uid, stage, release, application: facts.application, document, previous: existing?.entry }),
    };
  });
}

/** Without a release there is nothing to say about this environment, so nothing there changes or leaves. */
function keepAll(stage: StageFacts, facts: DeliveryFacts): TargetChange[] {
  if (!facts.application.document) return [];
  return facts.targets
    .filter(({ environment }) => environment === stage.environment)
    .map(({ uid, cluster, environment, onRemove, entry }) => ({
      uid,
      cluster,
      environment,
      isNew: false,
      onRemove,
      entry,
    }));
}

/** A target that no document asks for any more leaves the way its application said when it still stood. */
function departure(target: TargetFacts): TargetChange {
  const { uid, cluster, environment, onRemove, entry } = target;
  return { uid, cluster, environment, isNew: false, onRemove, entry: { ...entry, intent: onRemove } };
}

function planRollouts(
  stages: readonly StageFacts[],
  chosen: ReadonlyMap<string, ReleaseFacts>,
  ids: Ids,
): PlannedRollout[] {
  return stages.flatMap(({ environment, current }) => {
    const release = chosen.get(environment);
    if (!release || release.uid === current?.release) return [];
    const supersedes = current?.running ? { supersedes: current.rollout } : {};
    return [{ uid: ids.next(), environment, release: release.uid, revision: release.revision, ...supersedes }];
  });
}

function differsFrom(targets: readonly TargetFacts[]): (change: TargetChange) => boolean {
  const stored = new Map(targets.map(({ uid, entry, onRemove }) => [uid, comparable(entry, onRemove)]));
  return ({ uid, entry, onRemove }) => stored.get(uid) !== comparable(entry, onRemove);
}

function comparable(entry: Omit<DesiredEntry, 'generation'>, onRemove: RemovalMode): string {
  return canonicalJson({ ...entry, generation: 0, onRemove });
}

/** One line for the ledger. */
export function rolloutText(rollout: PlannedRollout, application: ApplicationFacts): string {
  const name = application.document?.metadata.name ?? application.uid;
  return `${name} ${shortCommit(rollout.revision)} enters ${rollout.environment}`;
}
