import { isSameJson, type Ids } from '@flotilla/foundation';
import {
  intentOf,
  isOpenRollout,
  matchesLabels,
  shortCommit,
  type DesiredEntry,
  type EntryPin,
  type RemovalMode,
  type RolloutCause,
  type RolloutState,
  type TargetPin,
} from '@flotilla/model';
import { desiredEntry } from './desired-entry.ts';
import type { ApplicationFacts, ClusterFacts, DeliveryFacts, ReleaseFacts, StageFacts, TargetFacts } from './facts.ts';
import { heldAt } from './held-at.ts';
import { planReleases, type DeliveryProblem, type PlannedRelease } from './plan-releases.ts';
import { planPromotions, type PlannedPromotions } from './promotion/plan-promotions.ts';
import type { PlannedRecord } from './promotion/stage-records.ts';
import type { PlannedQuestion } from './promotion/web-answers.ts';
import { courseInto } from './rollout/course-into.ts';
import type { FrozenRollout } from './rollout/rollout-course.ts';
import { stageClaims, type StageClaimsContext } from './stage-claims.ts';
import { targetContent, type EntryContent } from './target-content.ts';
import { underFreezes } from './under-freeze.ts';

/** What is to be written so that the world becomes what the facts say it should be. */
export interface DeliveryPlan {
  readonly releases: readonly PlannedRelease[];
  readonly rollouts: readonly PlannedRollout[];
  /** Running rollouts whose environment left the pipeline: nothing can arrive there any more. */
  readonly withdrawn: readonly string[];
  /** Targets whose entry is new or different. */
  readonly changes: readonly TargetChange[];
  /** Targets that have left their cluster and can be forgotten. */
  readonly removals: readonly TargetRemoval[];
  /** Pins that stand for nothing any more, because Git says what they say. */
  readonly agreed: readonly AgreedPin[];
  /** What a person has to mend; everything else goes on. */
  readonly problems: readonly DeliveryProblem[];
  /** How things stand before the stages that come after others, the orders that came to their end, and whom to ask. */
  readonly promotion?: Pick<PlannedPromotions, 'standings' | 'ended' | 'withdrawnRecords' | 'idle' | 'lapsed'> & {
    readonly questions: readonly NamedQuestion[];
    readonly records: readonly NamedRecord[];
  };
  /** In how many milliseconds to plan again although nobody says anything. */
  readonly nextLookMs?: number;
}

/** A question under the name by which it is asked. */
export type NamedQuestion = PlannedQuestion & { readonly uid: string };

/** What is to be written down, under the name by which that is done. */
export type NamedRecord = PlannedRecord & { readonly uid: string };

/** A target that Git takes over again: what its environment is to run has the source digest that it was held at. */
export interface AgreedPin {
  readonly target: string;
  readonly environment: string;
  readonly cluster: string;
  readonly rollback: string;
}

/** A target that is off the record from now on. */
export interface TargetRemoval {
  readonly uid: string;
  readonly cluster: string;
  /** Its cluster was forgotten, so nobody has to hear of it. What runs there runs on. */
  readonly forgotten?: boolean;
}

/** A rollout that a plan begins. */
export interface PlannedRollout {
  readonly uid: string;
  readonly environment: string;
  readonly release: string;
  readonly revision: string;
  readonly cause: RolloutCause;
  /** The order to go back that it carries out. */
  readonly rollback?: string;
  /** The rollout that this one takes over from before it finished. */
  readonly supersedes?: string;
  /** How it goes where it goes in waves; otherwise everybody is admitted at once. */
  readonly course?: FrozenRollout;
  /** Clusters that take its release with the order itself. */
  readonly admitted?: readonly string[];
  /** It goes back on some of what runs there only, so that it says nothing of the environment. */
  readonly partial?: boolean;
}

/** What a plan makes of one target. */
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
  const { releases, chosen: newest, problems } = planReleases(facts, ids);
  const tracked = notHeldUp(newest, facts.stages);
  const newestFirst = [...releases.toReversed(), ...facts.releases];
  const { entering, nextLook, questions, records, ...promoted } = planPromotions(facts, {
    releases: newestFirst,
    entering: tracked,
  });
  const chosen = new Map([...tracked, ...entering]);
  const known = new Map(newestFirst.map((release) => [release.uid, release]));
  const standing = new Map(facts.targets.map((target) => [placeOf(target.environment, target.cluster), target]));
  const refused = new Set(facts.quarantine.map(({ digest }) => digest));
  const context = { facts, known, chosen, refused, ids, standing, goingBack: goingBack(facts) };
  const wanted = facts.stages.flatMap((stage) => stageTargets(stage, context));
  const wantedIds = new Set(wanted.map(({ uid }) => uid));
  const leaving = facts.targets.filter(({ uid }) => !wantedIds.has(uid));
  const planned = [
    ...wanted,
    ...leaving.filter((target) => !hasLeft(target)).map((target) => departure(target, facts)),
  ];
  return {
    releases,
    rollouts: planRollouts(facts, chosen, ids),
    withdrawn: planWithdrawals(facts),
    changes: planned.map(underFreezes(facts)).filter(differsFrom(facts.targets)),
    removals: leaving.filter(hasLeft).map(removal),
    agreed: facts.stages.flatMap((stage) => agreedPins(stage, context)),
    problems,
    ...(facts.promotion && {
      promotion: { ...promoted, questions: questions.map(namedBy(ids)), records: records.map(namedBy(ids)) },
    }),
    ...(nextLook && { nextLookMs: Math.max(0, nextLook.getTime() - facts.now.getTime()) }),
  };
}

function namedBy(ids: Ids): <Planned extends object>(planned: Planned) => Planned & { readonly uid: string } {
  return (planned) => ({ uid: ids.next(), ...planned });
}

interface StageContext extends StageClaimsContext {
  readonly refused: ReadonlySet<string>;
  /** Rollouts of rollbacks in which somebody still waits for his wave. */
  readonly goingBack: ReadonlySet<string>;
  readonly ids: Ids;
  /** The targets by their places: a fleet has too many to look for each one among all. */
  readonly standing: ReadonlyMap<string, TargetFacts>;
}

function stageTargets(stage: StageFacts, context: StageContext): TargetChange[] {
  const { facts, standing, refused } = context;
  if (!facts.application.document) return [];
  const claimsOf = stageClaims(stage, context);
  if (!claimsOf) return keepRunning(stage, facts);
  const held = heldContent(stage, context);
  return matchingClusters(stage, facts).flatMap((cluster) => {
    const existing = standing.get(placeOf(stage.environment, cluster.uid));
    const pin = existing && standingPin(existing, stage, context);
    const kept = existing && runningEntry(existing);
    // Whoever waits to go back takes nothing else meanwhile.
    if (existing?.turn === 'waits' && kept)
      return [wantedTarget(stage, { cluster, existing, content: kept, pin: kept.pin }, context)];
    const claims = { ...claimsOf(cluster.uid, existing), refused, pinned: pin?.content, kept, held };
    const content = targetContent(claims);
    return content ? [wantedTarget(stage, { cluster, existing, content, pin }, context)] : [];
  });
}

interface WantedPlace {
  readonly cluster: ClusterFacts;
  readonly existing: TargetFacts | undefined;
  readonly content: EntryContent;
  readonly pin: EntryPin | undefined;
}

function wantedTarget(
  stage: StageFacts,
  { cluster, existing, content, pin }: WantedPlace,
  { facts: { application }, ids }: StageContext,
): TargetChange {
  const document = application.document!;
  const uid = existing?.uid ?? ids.next();
  return {
    uid,
    cluster: cluster.uid,
    environment: stage.environment,
    isNew: !existing,
    onRemove: document.spec.sync.onRemove,
    entry: desiredEntry({
      uid,
      cluster: cluster.name,
      stage,
      labels: cluster.labels,
      content,
      application,
      document,
      pin,
      previous: existing?.entry,
    }),
  };
}

/**
 * The pin of a target, unless what enters its environment, or entered it last, says the same. While somebody waits to go
 * back the waves have the word, however fast Git was mended.
 */
function standingPin({ pin }: TargetFacts, stage: StageFacts, context: PinContext): TargetPin | undefined {
  if (!pin || context.goingBack.has(pin.rollout)) return pin;
  return pin.content.sourceDigest === saidDigest(stage, context) ? undefined : pin;
}

function goingBack({ targets }: DeliveryFacts): ReadonlySet<string> {
  return new Set(targets.flatMap(({ pin, turn }) => (pin && turn === 'waits' ? [pin.rollout] : [])));
}

type PinContext = Pick<StageContext, 'chosen' | 'known' | 'goingBack'>;

function saidDigest({ environment, current }: StageFacts, { chosen, known }: PinContext): string | undefined {
  const release = chosen.get(environment) ?? (current && known.get(current.release));
  return release?.digests[environment];
}

function agreedPins(stage: StageFacts, context: StageContext): AgreedPin[] {
  const pinned = context.facts.targets.filter(({ environment, pin }) => environment === stage.environment && pin);
  return pinned.flatMap((target) => {
    if (standingPin(target, stage, context)) return [];
    const { uid, environment, cluster, pin } = target;
    return [{ target: uid, environment, cluster, rollback: pin!.rollback }];
  });
}

function runningEntry({ entry }: TargetFacts): DesiredEntry | undefined {
  return intentOf(entry) === 'run' ? entry : undefined;
}

/** Where what a stage ran enters nowhere any more, whoever comes new gets what the others are held at. */
function heldContent({ environment, current }: StageFacts, { facts: { targets }, known, refused }: StageContext) {
  const entered = current && known.get(current.release)?.digests[environment];
  return heldAt({ environment, entered, targets, refused })?.content;
}

function matchingClusters(stage: StageFacts, facts: DeliveryFacts): readonly ClusterFacts[] {
  return facts.clusters.filter(({ labels }) => matchesLabels(stage.clusters, labels));
}

function placeOf(environment: string, cluster: string): string {
  return `${environment}/${cluster}`;
}

function hasLeft({ gone, forgotten = false }: TargetFacts): boolean {
  return gone || forgotten;
}

function removal({ uid, cluster, forgotten = false }: TargetFacts): TargetRemoval {
  return { uid, cluster, ...(forgotten && { forgotten }) };
}

/** Without a release there is nothing to say about this environment, so what runs there neither changes nor leaves. */
function keepRunning(stage: StageFacts, { targets }: DeliveryFacts): TargetChange[] {
  return targets
    .filter(({ environment, entry }) => environment === stage.environment && intentOf(entry) === 'run')
    .filter(({ forgotten = false }) => !forgotten)
    .map(({ gone: _gone, forgotten: _forgotten, ...target }) => ({ ...target, isNew: false }));
}

/** A target that no document asks for any more leaves the way its application said when it still stood. */
function departure(target: TargetFacts, { application: { deletedBy } }: DeliveryFacts): TargetChange {
  const { uid, cluster, environment, onRemove } = target;
  // Whoever runs it can let it go, whatever it took to run it.
  const { needs: _, ...entry } = target.entry;
  const left = { ...entry, intent: onRemove, ...(deletedBy && { deletedBy }) };
  return { uid, cluster, environment, isNew: false, onRemove, entry: left };
}

/** What goes in waves finishes or fails before the next begins; by then, only the newest of those that wait is one. */
function notHeldUp(
  newest: ReadonlyMap<string, ReleaseFacts>,
  stages: readonly StageFacts[],
): ReadonlyMap<string, ReleaseFacts> {
  const busy = stages.filter(({ current }) => current?.admission && isUnderWay(current.admission.state));
  const waiting = new Set(busy.map(({ environment }) => environment));
  return new Map([...newest].filter(([environment]) => !waiting.has(environment)));
}

function isUnderWay(state: RolloutState): boolean {
  return isOpenRollout(state) && state !== 'Halted';
}

function planRollouts(facts: DeliveryFacts, chosen: ReadonlyMap<string, ReleaseFacts>, ids: Ids): PlannedRollout[] {
  return facts.stages.flatMap((stage) => {
    const { environment, current, following, rollout } = stage;
    const release = chosen.get(environment);
    if (!release || release.uid === current?.release) return [];
    const clusters = rollout && openClusters(stage, release, facts);
    const { targets } = facts;
    return [
      {
        uid: ids.next(),
        environment,
        release: release.uid,
        revision: release.revision,
        cause: following ? 'promotion' : 'tracking',
        ...(current?.running && { supersedes: current.rollout }),
        ...(clusters && { course: courseInto({ environment, rollout }, release, { targets, clusters }) }),
      },
    ];
  });
}

/** Who is held is passed by, unless what enters is what he is held at. */
function openClusters(stage: StageFacts, { digests }: ReleaseFacts, facts: DeliveryFacts): readonly ClusterFacts[] {
  const { environment } = stage;
  const held = facts.targets.filter(
    ({ environment: where, pin }) => where === environment && pin && pin.content.sourceDigest !== digests[environment],
  );
  const passedBy = new Set(held.map(({ cluster }) => cluster));
  return matchingClusters(stage, facts).filter(({ uid }) => !passedBy.has(uid));
}

function planWithdrawals({ running, stages }: DeliveryFacts): string[] {
  const staged = new Set(stages.map(({ environment }) => environment));
  return running.filter(({ environment }) => !staged.has(environment)).map(({ rollout }) => rollout);
}

function differsFrom(targets: readonly TargetFacts[]): (change: TargetChange) => boolean {
  const stored = new Map(targets.map((target) => [target.uid, target]));
  return ({ uid, entry, onRemove }) => {
    const standing = stored.get(uid);
    if (!standing || standing.onRemove !== onRemove) return true;
    // An entry that may be what stands there, which has one.
    const generation = 0;
    return !isSameJson({ ...standing.entry, generation }, { ...entry, generation });
  };
}

/** One line for the ledger. */
export function rolloutText(rollout: PlannedRollout, { name }: ApplicationFacts): string {
  const { cause, environment } = rollout;
  const revision = shortCommit(rollout.revision);
  if (cause === 'rollback') return `${name} in ${environment} goes back to ${revision}`;
  return `${name} ${revision} enters ${environment}`;
}
