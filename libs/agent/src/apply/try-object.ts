import { toFault, type Fault } from '@flotilla/foundation';
import { isReplaceAsked, needsOf } from '@flotilla/workload-manifests';
import { leavingIgnored, meantFor, type ApplyObjectOptions } from './apply-object.ts';
import { isNew, isToBeMade, type PlannedObject } from './object-plan.ts';

/** Whether objects are tried before the first of them is written: one request is its own trial, unless hooks go before it. */
export function isTrialNeeded(objects: readonly PlannedObject[], isAfterHooks = false): boolean {
  return objects.length > (isAfterHooks ? 0 : 1) && objects.some(({ standing }) => isNew(standing));
}

/**
 * Those that can be tried now: what ran here already is not new, and an object that waits for another one of this very
 * set (its namespace, its definition, what it says it depends on) would be refused only because that one is not there
 * yet, or is an older one.
 */
export function triable(objects: readonly PlannedObject[]): PlannedObject[] {
  const items = objects.map((planned) => ({ planned, key: planned.desired.key, object: planned.desired.object }));
  const needs = needsOf(items);
  const isMet = ({ planned, key }: (typeof items)[number]) =>
    !isToBeMade(planned.standing) && key.kind !== 'CustomResourceDefinition';
  const isTriable = (item: (typeof items)[number]) => isNew(item.planned.standing) && needs.get(item)!.every(isMet);
  return items.filter(isTriable).map(({ planned }) => planned);
}

/**
 * Asks the API server what it would make of an object, admission included, and changes nothing. Forced, because a
 * conflict is answered before anything else is looked at; whose the fields are is settled when it is written. Says
 * nothing where the answer would be no reason to stop.
 */
export async function tryObject(options: Pick<ApplyObjectOptions, 'cluster' | 'planned' | 'ignore'>): Promise<void> {
  const { desired, standing, live } = await leavingIgnored(options);
  const uid = isToBeMade(standing) || standing === 'foreign' ? undefined : live?.uid;
  try {
    await options.cluster.apply(meantFor(uid, desired.object), { force: true, dryRun: true });
  } catch (error) {
    if (!isForItsTurn(toFault(error), options.planned)) throw error;
  }
}

/**
 * A webhook that must not be asked in vain; another object that may come first; a field for whose sake it is made again;
 * one that went, or is another, although no watch has told it: whoever applies it looks at it.
 */
function isForItsTurn({ reason, message }: Fault, { desired }: PlannedObject): boolean {
  if (reason === 'DryRunUnsupported' || reason === 'ObjectMissing' || reason === 'ObjectChanged') return true;
  if (reason === 'FieldImmutable') return isReplaceAsked(desired.object);
  return reason === 'AdmissionDenied' && /\bnot found\b/.test(message);
}
