import { Fault, type Ids } from '@flotilla/foundation';
import type { DeliveryRecord } from './delivery-record.port.ts';
import { planDelivery, type DeliveryPlan } from './plan-delivery.ts';

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
    consequence: { kind: 'stall', until: 'the repository or the application changes' },
  });
}
