import { Fault } from '@flotilla/foundation';
import { objectTitle, type KubeObject, type ObjectKey } from '@flotilla/model';
import { isNeverDeleted, isReplaceAsked } from '@flotilla/workload-manifests';
import { liveObject } from '../live/live-object.ts';
import { marks } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { PlannedObject } from './object-plan.ts';
import { isProvenOurs, isSuspended } from './ownership.ts';
import { guardPrune, takesMoreWithIt } from './prune-guard.ts';

/** Where a person approves that something is deleted that takes more with it, and what was approved. */
export interface Approval {
  readonly target: string;
  readonly record: ObjectKey;
  readonly approved: string | undefined;
}

/**
 * What follows when the API server refuses to change a field in place. Where the object asks for it, it is deleted as
 * it was read a moment ago, and made again by the next pass, which finds it gone; nowhere else.
 */
export async function replaceObject(
  cluster: ClusterApi,
  { planned, fault }: { readonly planned: PlannedObject; readonly fault: Fault },
  approval: Approval,
): Promise<Fault> {
  const { key, object } = planned.desired;
  if (!isReplaceAsked(object)) return withWayOut(planned, fault);
  const there = await cluster.get(key);
  const refusal = there && whyNot(planned, there, approval);
  if (refusal) return refusal;
  const deleted = there ? await cluster.delete(key, { uid: there.metadata.uid! }) : 'absent';
  if (deleted === 'pending') return held(key);
  return deleted === 'replaced' ? changedMeanwhile(key) : deletedToBeMadeAgain(key);
}

/** Why it stays as it is; `undefined` where nothing speaks against deleting exactly this one. */
function whyNot(planned: PlannedObject, there: KubeObject, approval: Approval): Fault | undefined {
  const { item, desired } = planned;
  const { target, record, approved } = approval;
  const title = objectTitle(desired.key);
  if (!item || !isProvenOurs({ target, item, live: liveObject(there) }))
    return kept(`${title} is to be made again, and is not ours any more`);
  if (isSuspended(there) || isNeverDeleted(there))
    return kept(`${title} is to be made again, and says of itself that it is not to be deleted`);
  if (!takesMoreWithIt(item)) return undefined;
  const leftovers = [{ ...item, uid: there.metadata.uid }];
  const block = guardPrune({ leftovers, total: 1, emptyRender: false, pruneEnabled: true, record, approved });
  return block && stalled(block.code, block.message, 'a person approves the deletion');
}

/** The server's words, and the two ways out of a field that cannot be changed. */
export function withWayOut({ desired: { key } }: PlannedObject, fault: Fault): Fault {
  if (fault.reason !== 'FieldImmutable') return fault;
  return stalled('FieldImmutable', immutableText(fault), `${objectTitle(key)} is corrected, or may be made again`);
}

/** What a person reads of a field that cannot be changed. */
export function immutableText({ message }: Pick<Fault, 'message'>): string {
  return `${message}; it cannot be changed in place: give it another name, or write ${marks.replace}: "true" among its annotations in Git, and it is deleted and made again`;
}

function held(key: ObjectKey): Fault {
  const message = `${objectTitle(key)} was deleted to be made again, and finalizers hold it`;
  const consequence = { kind: 'wait', forWhat: `the deletion of ${objectTitle(key)}` } as const;
  return new Fault({ code: 'conflict', reason: 'ReplacePending', message, subject: objectTitle(key), consequence });
}

function deletedToBeMadeAgain(key: ObjectKey): Fault {
  const message = `${objectTitle(key)} was deleted to be made again`;
  return new Fault({ code: 'conflict', reason: 'Replacing', message, subject: objectTitle(key) });
}

function changedMeanwhile(key: ObjectKey): Fault {
  const message = `${objectTitle(key)} is another one than a moment ago`;
  return new Fault({ code: 'conflict', reason: 'ObjectChanged', message, subject: objectTitle(key) });
}

function kept(message: string): Fault {
  return stalled('FieldImmutable', message, 'a person decides what becomes of it');
}

function stalled(reason: string, message: string, until: string): Fault {
  return new Fault({ code: 'conflict', reason, message, consequence: { kind: 'stall', until } });
}
