import { Fault, type Ids } from '@flotilla/foundation';
import type { OrderGiver } from '../delivery-record.port.ts';
import { glassOfOrder, goesBack, planRollback, type RollbackMark } from './plan-rollback.ts';
import { resolveRollback, type ResolvedRollback } from './resolve-rollback.ts';
import type { RollbackFacts } from './rollback-facts.ts';
import type { RollbackOrder, RollbackRecord } from './rollback-record.port.ts';

/** What an order would do, for its giver to look at before. */
export async function previewRollback(
  record: RollbackRecord,
  order: Omit<RollbackOrder, 'standing' | 'reason' | 'runHooks' | 'repair'>,
): Promise<ResolvedRollback> {
  return resolveRollback(await record.rollbackFacts(order), order);
}

/**
 * Carries out an order to go back. Of two that were given from the same view of things one is carried out; whoever comes
 * second is told what stands now, and changes nothing.
 */
export function rollBack(
  { record, ids }: { readonly record: RollbackRecord; readonly ids: Ids },
  order: RollbackOrder,
  by: OrderGiver,
): Promise<string> {
  const resolve = (facts: RollbackFacts) => checked(resolveRollback(facts, order), { order, facts });
  const plan = (resolved: ResolvedRollback, mark: RollbackMark) =>
    planRollback(resolved, { ...mark, ...glassOfOrder(order, mark) }, ids);
  return record.rollBack(order, { resolve, plan }, by);
}

function checked(
  resolved: ResolvedRollback,
  { order, facts }: { readonly order: RollbackOrder; readonly facts: RollbackFacts },
): ResolvedRollback {
  if (resolved.places.length === 0) throw nobodyThere();
  if (order.standing !== resolved.standing) throw overtaken(facts);
  if (resolved.places.some(goesBack)) return resolved;
  throw nowhereToGo(resolved);
}

function nobodyThere(): Fault {
  return new Fault({ code: 'not-found', reason: 'TargetsMissing', message: 'nothing runs that this order selects' });
}

/** Says what stands, so that whoever lost can decide anew. */
function overtaken({ applications }: RollbackFacts): Fault {
  const stands = applications.flatMap(({ delivery: { application, targets } }) =>
    targets.flatMap(({ environment, pin }) =>
      pin
        ? [`${application.name} in ${environment} is held by rollback ${pin.rollback} (${pin.by}: ${pin.reason})`]
        : [],
    ),
  );
  const what = [...new Set(stands)].slice(0, 5).join('; ') || 'another release entered meanwhile';
  return new Fault({
    code: 'conflict',
    reason: 'RollbackOvertaken',
    message: `somebody was faster, and nothing was changed by this order: ${what}; look at the preview again`,
  });
}

function nowhereToGo({ places }: ResolvedRollback): Fault {
  const why = places.flatMap(({ history, environment, problem, excluded }) => {
    const where = `${history.delivery.application.name} in ${environment}`;
    const [first] = excluded;
    if (problem) return [`${where}: ${problem.message}`];
    return first ? [`${where}: ${first.reason.code}, ${first.reason.message}`] : [];
  });
  return new Fault({ code: 'conflict', reason: 'NowhereToGoBack', message: why.slice(0, 5).join('; ') });
}
