import { keyOfObject, type FieldConflict, type KubeObject } from '@flotilla/model';
import type { KindInfo } from '../discovery/kind-table.ts';
import { isSuccess, readJson } from './answer.ts';
import type { Caller } from './caller.ts';
import { faultOf } from './kube-fault.ts';
import { readStatus, type StatusCause } from './kube-status.ts';
import { wordsFor, writeCall, writeQuery, type WriteOptions } from './object-body.ts';
import { objectPath } from './object-path.ts';

export interface ApplyOptions extends WriteOptions {
  /** Takes fields from the managers that hold them, instead of naming those as conflicts. */
  readonly force: boolean;
}

/** What became of a server-side apply. Conflicts changed nothing. */
export type Applied =
  | { readonly kind: 'applied'; readonly object: KubeObject; readonly warnings: readonly string[] }
  | { readonly kind: 'conflicts'; readonly conflicts: readonly FieldConflict[] };

/** Server-side apply: the object becomes what `object` says in the fields it names. */
export async function applyObject(
  caller: Caller,
  info: KindInfo,
  object: KubeObject,
  options: ApplyOptions,
): Promise<Applied> {
  const query = writeQuery(options);
  query.set('force', String(options.force));
  const path = objectPath(info, keyOfObject(object), options.subresource);
  const request = { method: 'PATCH' as const, path, query, signal: options.signal };
  const call = writeCall(wordsFor('apply', object), request, 'application/apply-patch+yaml', object);
  const answer = await caller.send(call);
  if (isSuccess(answer))
    return { kind: 'applied', object: readJson(call, answer) as KubeObject, warnings: answer.warnings };
  const conflicts = answer.status === 409 ? conflictsOf(readStatus(answer.text).details?.causes) : [];
  if (conflicts.length > 0) return { kind: 'conflicts', conflicts };
  throw faultOf(call, answer);
}

function conflictsOf(causes: readonly StatusCause[] = []): FieldConflict[] {
  const conflicts = causes.filter(({ reason }) => reason === 'FieldManagerConflict');
  return conflicts.map(({ field = '', message = '' }) => ({ field, manager: managerIn(message) }));
}

/** Reads `conflict with "kubectl-edit" using apps/v1 at …`, where the name is quoted as Go quotes. */
function managerIn(message: string): string {
  const quoted = /^conflict with ("(?:[^"\\]|\\.)*")/.exec(message)?.[1];
  try {
    return quoted ? (JSON.parse(quoted) as string) : message;
  } catch {
    return quoted!.slice(1, -1);
  }
}
