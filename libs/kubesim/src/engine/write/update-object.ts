import { equalValues } from '../../fields/values.ts';
import { checkMetadata, checkMetadataUpdate } from '../../kinds/check-metadata.ts';
import { metadataOf, withMetadata, type Metadata } from '../../objects/metadata.ts';
import { invalidValue } from '../../problems/field-problem.ts';
import { conflict, invalid, modified } from '../../problems/status-fault.ts';
import type { JsonDraft, JsonObject } from '../../schema/schema-type.ts';
import { inOrder, metadataRules } from './create-object.ts';
import { keyOfWrite, type WriteContext } from './write-context.ts';

/**
 * Stores a new version of an object that exists: checks the version it was made from, keeps what no write may change,
 * lets its kind prepare it, checks it, and stores it if it is different. The last finalizer that goes from an object
 * that is being deleted takes the object with it.
 */
export function storeNext(context: WriteContext, draft: JsonDraft, existing: JsonObject): JsonObject {
  checkVersion(context, draft, existing);
  const object = complete(context, draft, existing);
  const mayEnd = context.resource.rules.mayEnd?.(object) ?? true;
  if (mayEnd && isFinished(object, existing)) return removeFinished(context, object);
  if (sameButTimes(object, existing)) return existing;
  return context.dryRun ? object : context.cluster.store(context.resource).put(keyOfWrite(context), object);
}

/** The identity that a replace may name is a precondition. */
export function checkUid(
  { resource, name, namespace }: WriteContext,
  uid: string | undefined,
  existing: JsonObject,
): void {
  const found = metadataOf(existing).uid!;
  if (!uid || uid === found) return;
  const key = ['/registry', resource.plural, namespace, name].filter(Boolean).join('/');
  const detail = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${found}`;
  throw conflict(
    resource,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${detail}`,
  );
}

function checkVersion({ resource, name }: WriteContext, draft: JsonDraft, existing: JsonObject): void {
  const metadata = draft['metadata'] as JsonDraft;
  const current = metadataOf(existing).resourceVersion!;
  const given = metadata['resourceVersion'] as string | undefined;
  if (!given && resource.rules.needsResourceVersion) {
    const problem = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
    throw invalid({ group: resource.group, kind: resource.plural }, name, [problem]);
  }
  if (given && given !== current) throw modified(resource, name);
  metadata['resourceVersion'] = current;
}

function complete(context: WriteContext, draft: JsonDraft, existing: JsonObject): JsonObject {
  const { resource, subresource, tools, name } = context;
  const { rules } = resource;
  const before = metadataOf(existing);
  const metadata = draft['metadata'] as JsonDraft;
  keep(metadata, 'generation', before.generation);
  if (subresource === '') rules.prepareUpdate?.(draft, existing, tools);
  else rules.prepareSubresource?.[subresource]?.(draft, existing, tools);
  metadata['uid'] ||= before.uid;
  keep(metadata, 'creationTimestamp', before.creationTimestamp);
  if (before.deletionTimestamp) metadata['deletionTimestamp'] = before.deletionTimestamp;
  metadata['deletionGracePeriodSeconds'] ??= before.deletionGracePeriodSeconds;
  if (metadata['deletionGracePeriodSeconds'] === undefined) delete metadata['deletionGracePeriodSeconds'];

  const object = inOrder(draft, resource);
  const isChecked = subresource === '' || rules.validatesSubresources;
  const problems = [
    ...checkMetadata(object, metadataRules(resource)),
    ...checkMetadataUpdate(object, existing),
    ...(isChecked ? (rules.validate?.(object, tools) ?? []) : []),
    ...(subresource === '' ? (rules.validateUpdate?.(object, existing) ?? []) : []),
  ];
  if (problems.length > 0) throw invalid(resource, name, problems);
  return object;
}

function keep(metadata: JsonDraft, name: keyof Metadata, value: unknown): void {
  if (value === undefined) delete metadata[name];
  else metadata[name] = value;
}

function isFinished(object: JsonObject, existing: JsonObject): boolean {
  const before = metadataOf(existing);
  const hasFinalizers = (metadataOf(object).finalizers ?? []).length > 0;
  return !hasFinalizers && before.deletionTimestamp !== undefined && !before.deletionGracePeriodSeconds;
}

function removeFinished(context: WriteContext, object: JsonObject): JsonObject {
  if (!context.dryRun) context.cluster.store(context.resource).remove(keyOfWrite(context));
  return object;
}

/** Whether nothing changed: a new time in the record of owners alone is no change. */
function sameButTimes(object: JsonObject, existing: JsonObject): boolean {
  if (equalValues(object, existing)) return true;
  const [entries, before] = [metadataOf(object).managedFields ?? [], metadataOf(existing).managedFields ?? []];
  if (entries.length !== before.length) return false;
  const timeless = entries.map((entry, index) => ({ ...entry, time: before[index]!.time }));
  return equalValues(withMetadata(object, { managedFields: timeless }), existing);
}
