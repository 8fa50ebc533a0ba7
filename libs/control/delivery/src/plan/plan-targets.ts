import type { Ids } from '@flotilla/foundation';
import { intentOf, type DesiredEntry, type EntryPin } from '@flotilla/model';
import type { ClusterFacts, DeliveryFacts, StageFacts, TargetFacts } from '../facts.ts';
import { heldAt } from '../held-at.ts';
import type { TargetChange } from './delivery-plan.ts';
import { desiredEntry } from './desired-entry.ts';
import { stageClaims, type StageClaimsContext } from './stage-claims.ts';
import { stageClusters } from './stage-clusters.ts';
import { standingPin, type PinContext } from './standing-pins.ts';
import { targetContent, type EntryContent } from './target-content.ts';

/** What the targets of a stage are planned from, the same for every stage of one plan. */
export interface StageContext extends StageClaimsContext, PinContext {
  /** Source digests that enter nowhere. */
  readonly refused: ReadonlySet<string>;
  readonly ids: Ids;
  /** The targets by their places: a fleet has too many to look for each one among all. */
  readonly standing: ReadonlyMap<string, TargetFacts>;
}

/** What the targets of a stage are to be, on every cluster that it has now; those that leave are not among them. */
export function stageTargets(stage: StageFacts, context: StageContext): TargetChange[] {
  const { facts, standing, refused } = context;
  if (!facts.application.document) return [];
  const claimsOf = stageClaims(stage, context);
  if (!claimsOf) return keepRunning(stage, facts);
  const held = heldContent(stage, context);
  return stageClusters(stage, facts).flatMap((cluster) => {
    const existing = standing.get(placeOf(stage.environment, cluster.uid));
    const pin = existing && standingPin(existing, stage, context);
    const kept = runningEntry(existing);
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

/** What a target is ordered to run, where it is to run anything; a new one is not. */
export function runningEntry(target: TargetFacts | undefined): DesiredEntry | undefined {
  return target && intentOf(target.entry) === 'run' ? target.entry : undefined;
}

/** Where what a stage ran enters nowhere any more, whoever comes new gets what the others are held at. */
function heldContent({ environment, current }: StageFacts, { facts: { targets }, known, refused }: StageContext) {
  const entered = current && known.get(current.release)?.digests[environment];
  return heldAt({ environment, entered, targets, refused })?.content;
}

/** Without a release there is nothing to say about this environment, so what runs there neither changes nor leaves. */
function keepRunning(stage: StageFacts, { targets }: DeliveryFacts): TargetChange[] {
  return targets
    .filter(({ environment, entry }) => environment === stage.environment && intentOf(entry) === 'run')
    .filter(({ forgotten = false }) => !forgotten)
    .map(({ gone: _gone, forgotten: _forgotten, ...target }) => ({ ...target, isNew: false }));
}

/** A target that no document asks for any more leaves the way its application said when it still stood. */
export function departure(target: TargetFacts, { application: { deletedBy } }: DeliveryFacts): TargetChange {
  const { uid, cluster, environment, onRemove } = target;
  // Whoever runs it can let it go, whatever it took to run it.
  const { needs: _, ...entry } = target.entry;
  const left = { ...entry, intent: onRemove, ...(deletedBy && { deletedBy }) };
  return { uid, cluster, environment, isNew: false, onRemove, entry: left };
}

/** Targets by their places, as `StageContext` wants them. */
export function byPlace(targets: readonly TargetFacts[]): ReadonlyMap<string, TargetFacts> {
  return new Map(targets.map((target) => [placeOf(target.environment, target.cluster), target]));
}

function placeOf(environment: string, cluster: string): string {
  return `${environment}/${cluster}`;
}
