import { Fault, type Consequence, type Ids } from '@flotilla/foundation';
import type { DeliveryRecord } from '../delivery-record.port.ts';
import type { DeliveryPlan } from './delivery-plan.ts';
import { planDelivery } from './plan-delivery.ts';

/**
 * Plans one application and writes the plan. What could be planned takes effect; what a person has to mend is raised
 * afterwards and stays visible until the facts change.
 */
export async function planApplication(
  ports: { record: DeliveryRecord; ids: Ids },
  application: string,
): Promise<DeliveryPlan | undefined> {
  const plan = await ports.record.plan(application, (facts) => planDelivery(facts, ports.ids));
  const [problem] = plan?.problems ?? [];
  if (!plan || !problem) return plan;
  throw new Fault({
    code: 'invalid',
    reason: problem.reason,
    message: plan.problems.map(({ message }) => message).join('; '),
    consequence: comesBackBy(plan),
  });
}

/** Other stages go on meanwhile, and some of what they wait for comes by time alone. */
function comesBackBy({ nextLookMs: afterMs }: DeliveryPlan): Consequence {
  if (afterMs !== undefined) return { kind: 'retry', afterMs };
  return { kind: 'stall', until: 'the repository or the application changes' };
}
