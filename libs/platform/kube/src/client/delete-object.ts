import { objectTitle, type KubeObject, type ObjectKey } from '@flotilla/model';
import type { KindInfo } from '../discovery/kind-table.ts';
import { isSuccess, readJson } from './answer.ts';
import type { Caller } from './caller.ts';
import { faultOf } from './kube-fault.ts';
import { isPathMissing, readStatus } from './kube-status.ts';
import { writeCall } from './object-body.ts';
import { objectPath } from './object-path.ts';

export interface DeleteOptions {
  /** Deletes only the object of this identity, not one that has taken its name since. */
  readonly uid?: string;
  /** Deletes only what nobody has changed since; otherwise a fault, after which one looks again. */
  readonly resourceVersion?: string;
  /** What becomes of the objects that this one owns. */
  readonly propagation: 'Background' | 'Foreground' | 'Orphan';
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * - `deleted`: it is gone.
 * - `pending`: it is marked, and goes when its finalizers or its grace period let it.
 * - `absent`: it was not there.
 * - `replaced`: another object has its name; nothing was done.
 */
export type Deletion = 'deleted' | 'pending' | 'absent' | 'replaced';

export async function deleteObject(
  caller: Caller,
  info: KindInfo,
  key: ObjectKey,
  options: DeleteOptions,
): Promise<Deletion> {
  const words = { verb: 'delete', subject: objectTitle(key), secret: key.group === '' && key.kind === 'Secret' };
  const request = { method: 'DELETE' as const, path: objectPath(info, key), signal: options.signal };
  const call = writeCall(words, request, 'application/json', deleteBody(options));
  const answer = await caller.send(call);
  if (isSuccess(answer)) return isStillThere(readJson(call, answer) as KubeObject) ? 'pending' : 'deleted';
  const { message = '', ...status } = readStatus(answer.text);
  if (answer.status === 404 && !isPathMissing(status)) return 'absent';
  if (answer.status === 409 && /\bUID in (the )?precondition/.test(message)) return 'replaced';
  throw faultOf(call, answer);
}

function deleteBody({ uid, resourceVersion, propagation, dryRun }: DeleteOptions): object {
  // An empty uid is a condition too, one that fails: it must never widen the deletion to any object of this name.
  const conditional = uid !== undefined || resourceVersion !== undefined;
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: propagation,
    ...(conditional && { preconditions: { uid, resourceVersion } }),
    ...(dryRun && { dryRun: ['All'] }),
  };
}

/**
 * The server answers with a `Status` when the object is gone, but some kinds answer with the object in both cases:
 * then it is still there if something holds it.
 */
function isStillThere(answer: KubeObject): boolean {
  const {
    deletionTimestamp,
    finalizers = [],
    deletionGracePeriodSeconds = 0,
  } = (answer.metadata ?? {}) as KubeObject['metadata'] & {
    deletionGracePeriodSeconds?: number;
  };
  if (answer.kind === 'Status' || !deletionTimestamp) return false;
  // A namespace is emptied before it goes, and carries its finalizers elsewhere.
  return finalizers.length > 0 || deletionGracePeriodSeconds > 0 || answer.kind === 'Namespace';
}
