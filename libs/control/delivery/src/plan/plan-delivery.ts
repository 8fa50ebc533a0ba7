import { isSameJson, type Ids } from '@flotilla/foundation';
import type { DeliveryFacts, TargetFacts } from '../facts.ts';
import { planPromotions } from '../promotion/plan-promotions.ts';
import type { DeliveryPlan, TargetChange, TargetRemoval } from './delivery-plan.ts';
import { planReleases } from './plan-releases.ts';
import { beginningAnew, notHeldUp, planRollouts, planWithdrawals } from './plan-rollouts.ts';
import { byPlace, departure, stageTargets } from './plan-targets.ts';
import { agreedPins, goingBack } from './standing-pins.ts';
import { underFreezes } from './under-freeze.ts';

/** Decides what shall run where. Pure: facts in, the plan out. A stage with a problem keeps what it runs. */
export function planDelivery(facts: DeliveryFacts, ids: Ids): DeliveryPlan {
  const { releases, chosen: newest, problems } = planReleases(facts, ids);
  const tracked = notHeldUp(newest, facts.stages);
  const newestFirst = [...releases.toReversed(), ...facts.releases];
  const { entering, nextLook, questions, records, ...promoted } = planPromotions(facts, {
    releases: newestFirst,
    entering: tracked,
  });
  const known = new Map(newestFirst.map((release) => [release.uid, release]));
  const chosen = new Map([...beginningAnew(facts, known), ...tracked, ...entering]);
  const standing = byPlace(facts.targets);
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

function hasLeft({ gone, forgotten = false }: TargetFacts): boolean {
  return gone || forgotten;
}

function removal({ uid, cluster, forgotten = false }: TargetFacts): TargetRemoval {
  return { uid, cluster, ...(forgotten && { forgotten }) };
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
