import { isoTime, type Ids } from '@flotilla/foundation';
import { chosenCandidate, stageOf } from '../promotion/chosen-candidate.ts';
import type { ApproveOrder } from '../promotion/promotion-record.port.ts';
import { stageMissing } from '../promotion/promotion-refusals.ts';
import { glassOfOrder, planRollback } from '../rollback/plan-rollback.ts';
import { resolveRollback } from '../rollback/resolve-rollback.ts';
import type { RollbackOrder, RollbackRecord } from '../rollback/rollback-record.port.ts';
import { distinctChanges, type DistinctChange } from './distinct-changes.ts';
import { planEntering } from './plan-entering.ts';

/** What the changes of an order are found with. */
export interface OrderChangesPorts {
  readonly record: Pick<RollbackRecord, 'rollbackFacts'>;
  readonly ids: Ids;
}

/** What an order to go back would change, as the order itself would plan it. */
export async function rollbackChanges(
  { record, ids }: OrderChangesPorts,
  order: Pick<RollbackOrder, 'project' | 'selection' | 'to' | 'runHooks' | 'breakGlass'>,
): Promise<readonly DistinctChange[]> {
  // In whose turn a cluster goes back changes nothing of what it goes back to.
  const known = await record.rollbackFacts(order);
  const resolved = resolveRollback(known, { ...order, atOnce: true });
  const since = isoTime(known.applications[0]?.delivery.now.getTime() ?? 0);
  const asked = { rollback: ids.next(), by: 'nobody', reason: 'a preview', since, runHooks: order.runHooks };
  const mark = { ...asked, ...glassOfOrder(order, asked) };
  const planned = planRollback(resolved, mark, ids);
  return planned.flatMap(({ plan, facts }) => distinctChanges(plan.changes, facts));
}

/** What a release would change where it enters, whatever its gates say. */
export async function promotionChanges(
  { record, ids }: OrderChangesPorts,
  order: ApproveOrder,
): Promise<readonly DistinctChange[]> {
  const { project, application, environment } = order;
  const { applications } = await record.rollbackFacts({ project, selection: { application } });
  const facts = applications[0]?.delivery;
  if (!facts) throw stageMissing(order);
  stageOf(facts, order);
  const { release } = chosenCandidate(facts, order);
  return distinctChanges(planEntering(facts, { environment, release }, ids), facts);
}
