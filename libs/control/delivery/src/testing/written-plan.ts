import { countingIds } from '@flotilla/foundation/testing';
import type { DeliveryFacts, StageFacts } from '../facts.ts';
import type { DeliveryPlan } from '../plan/delivery-plan.ts';
import { planDelivery } from '../plan/plan-delivery.ts';
import { commits, deliveryFacts, stageFacts } from './delivery-facts.ts';

/** A plan that changes nothing. */
export const emptyPlan: DeliveryPlan = {
  releases: [],
  rollouts: [],
  withdrawn: [],
  changes: [],
  removals: [],
  agreed: [],
  problems: [],
};

/** The stage of `dev` whose newest commit holds this tree; none where the path is not there. */
export function devAt(commit: string, tree: string | undefined): StageFacts {
  return stageFacts('dev', { head: { commit, trees: [tree] } });
}

/** The facts after a plan was written, as a real record would read them. */
export function afterPlan(
  facts: DeliveryFacts,
  { releases, rollouts, changes, removals }: DeliveryPlan,
  stages = facts.stages,
): DeliveryFacts {
  const changed = new Map(changes.map((change) => [change.uid, change]));
  const gone = new Set(removals.map(({ uid }) => uid));
  const kept = facts.targets.filter(({ uid }) => !changed.has(uid) && !gone.has(uid));
  const written = [...changed.values()].map(({ uid, cluster, environment, onRemove, entry }) => ({
    uid,
    cluster,
    environment,
    onRemove,
    entry: { ...entry, generation: 1 },
    gone: false,
  }));
  return {
    ...facts,
    releases: [...releases, ...facts.releases],
    targets: [...kept, ...written],
    stages: stages.map((stage) => {
      const entered = rollouts.find(({ environment }) => environment === stage.environment);
      const before = facts.stages.find(({ environment }) => environment === stage.environment)?.current;
      const current = entered ? { rollout: entered.uid, release: entered.release, running: true } : before;
      return { ...stage, ...(current && { current }) };
    }),
  };
}

/** `checkout` runs the first commit on `c1`. */
export function runningFacts(over: Partial<DeliveryFacts> = {}): DeliveryFacts {
  const facts = deliveryFacts({ stages: [devAt(commits.first, 'tree-1')], ...over });
  return afterPlan(facts, planDelivery(facts, countingIds('was')));
}
