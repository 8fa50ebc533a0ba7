import { Fault } from '@flotilla/foundation';
import { keyOfObject, objectTitle, type KubeObject, type ObjectKey } from '@flotilla/model';
import type { KindInfo } from '../discovery/kind-table.ts';
import { isSuccess, readJson } from './answer.ts';
import type { Caller } from './caller.ts';
import { faultOf } from './kube-fault.ts';
import { isPathMissing, readStatus } from './kube-status.ts';
import { wordsFor, writeCall, writeQuery, type WriteOptions } from './object-body.ts';
import { collectionPath, objectPath, requireNamespace } from './object-path.ts';

/** What became of a create: made, or somebody was faster. */
export type Created = { readonly kind: 'created'; readonly object: KubeObject } | { readonly kind: 'exists' };

/** What became of a write that holds only while nobody else has written. */
export type Replaced =
  | { readonly kind: 'replaced'; readonly object: KubeObject }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'absent' };

export async function createObject(
  caller: Caller,
  info: KindInfo,
  object: KubeObject,
  options: Omit<WriteOptions, 'subresource'>,
): Promise<Created> {
  const key = keyOfObject(object);
  requireNamespace(info, key);
  const path = collectionPath(info, key.namespace);
  const request = { method: 'POST' as const, path, query: writeQuery(options), signal: options.signal };
  const call = writeCall(wordsFor('create', object), request, 'application/json', object);
  const answer = await caller.send(call);
  if (isSuccess(answer)) return { kind: 'created', object: readJson(call, answer) as KubeObject };
  const fault = faultOf(call, answer);
  if (fault.reason === 'ObjectExists') return { kind: 'exists' };
  throw fault;
}

/** Writes the whole object, if it still has the resource version that `object` carries. */
export async function replaceObject(
  caller: Caller,
  info: KindInfo,
  object: KubeObject,
  options: WriteOptions,
): Promise<Replaced> {
  if (!object.metadata.resourceVersion) throw versionRequired(object);
  const path = objectPath(info, keyOfObject(object), options.subresource);
  const request = { method: 'PUT' as const, path, query: writeQuery(options), signal: options.signal };
  const call = writeCall(wordsFor('replace', object), request, 'application/json', object);
  const answer = await caller.send(call);
  if (isSuccess(answer)) return { kind: 'replaced', object: readJson(call, answer) as KubeObject };
  const fault = faultOf(call, answer);
  if (fault.reason === 'ObjectChanged') return { kind: 'conflict' };
  if (fault.reason === 'ObjectMissing') return { kind: 'absent' };
  throw fault;
}

export interface MergePatch {
  readonly key: ObjectKey;
  /** RFC 7386: `null` removes a field. */
  readonly patch: Readonly<Record<string, unknown>>;
}

/** Changes single fields; `undefined` when there is no such object. */
export async function mergePatchObject(
  caller: Caller,
  info: KindInfo,
  { key, patch }: MergePatch,
  options: WriteOptions,
): Promise<KubeObject | undefined> {
  const path = objectPath(info, key, options.subresource);
  const words = { verb: 'patch', subject: objectTitle(key), secret: key.group === '' && key.kind === 'Secret' };
  const request = { method: 'PATCH' as const, path, query: writeQuery(options), signal: options.signal };
  const call = writeCall(words, request, 'application/merge-patch+json', patch);
  const answer = await caller.send(call);
  if (answer.status === 404 && !isPathMissing(readStatus(answer.text))) return undefined;
  if (!isSuccess(answer)) throw faultOf(call, answer);
  return readJson(call, answer) as KubeObject;
}

function versionRequired(object: KubeObject): Fault {
  const subject = objectTitle(keyOfObject(object));
  const message = `replace ${subject}: it carries no resourceVersion, so it would overwrite what others wrote meanwhile`;
  return new Fault({ code: 'invalid', reason: 'ResourceVersionRequired', message, subject });
}
