import type { Ids } from '@flotilla/foundation';
import type { DeliveryFacts } from '../facts.ts';
import type { TargetChange } from '../plan/delivery-plan.ts';
import { planDelivery } from '../plan/plan-delivery.ts';

/** A release, and the environment that it is to enter. */
export interface EnteringRelease {
  readonly environment: string;
  readonly release: string;
}

/**
 * What an environment would be ordered once a release had entered it as a whole: the plan of every day, with that as its
 * fact. So freezes and pins count as they always do, and only gates and waves are left out.
 */
export function planEntering(
  facts: DeliveryFacts,
  { environment, release }: EnteringRelease,
  ids: Ids,
): readonly TargetChange[] {
  const { promotion: _, ...others } = facts;
  const stages = facts.stages.filter((stage) => stage.environment === environment);
  const entered = stages.map(({ rollout: _rollout, ...stage }) => ({
    ...stage,
    current: { rollout: ids.next(), release, running: false },
  }));
  const targets = facts.targets.filter((target) => target.environment === environment);
  return planDelivery({ ...others, stages: entered, targets }, ids).changes;
}
