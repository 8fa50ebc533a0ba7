import type { ManagedFields } from '@flotilla/model';
import { decodeOwners } from '../../fields/managers.ts';
import { manageUpdate } from '../../fields/field-manager.ts';
import { metadataOf } from '../../objects/metadata.ts';
import { badRequest, notFound } from '../../problems/status-fault.ts';
import type { JsonDraft, JsonObject } from '../../schema/schema-type.ts';
import type { Cluster } from '../cluster.ts';
import { negotiateForm } from '../negotiate.ts';
import { readObject } from '../read-object.ts';
import { readWriteOptions } from '../read-options.ts';
import { represent } from '../represent.ts';
import type { Answer, ResourceRequest } from '../resource-request.ts';
import { alignNamespace, createObject, setManagedFields } from '../write/create-object.ts';
import { checkUid, storeNext } from '../write/update-object.ts';
import { keyOfWrite, writeContext, type WriteContext } from '../write/write-context.ts';

/** Puts an object in the place of the one that is there. */
export function replace(cluster: Cluster, request: ResourceRequest): Answer {
  const { resource, headers } = request;
  const form = negotiateForm(headers['accept'], 'single');
  const options = readWriteOptions('UpdateOptions', request.query);
  const context = writeContext(cluster, request, options);
  const draft = readObject(request, options);
  const metadata = (draft['metadata'] ??= {}) as JsonDraft;
  alignNamespace(context, metadata);
  checkName(context, metadata);
  const existing = cluster.store(resource).get(keyOfWrite(context));
  if (existing) {
    checkUid(context, metadata['uid'] as string | undefined, existing);
    return { status: 200, body: represent(replaceExisting(context, draft, existing), form, resource) };
  }
  if (!resource.rules.createsOnUpdate || context.subresource !== '') throw notFound(resource, request.name);
  if (metadata['resourceVersion'] || metadata['uid']) throw notFound(resource, request.name);
  return { status: 201, body: represent(createObject(context, draft), form, resource) };
}

/** The writer owns what it changed; then the object takes the common way. */
export function replaceExisting(context: WriteContext, draft: JsonDraft, existing: JsonObject): JsonObject {
  const { door, manager, time } = context;
  const metadata = draft['metadata'] as JsonDraft;
  const entries = entriesToStartFrom(context, metadata['managedFields'], metadataOf(existing).managedFields);
  delete metadata['managedFields'];
  const next = draft;
  setManagedFields(metadata, manageUpdate(door, { live: existing, next, isCreate: false, entries, manager, time }));
  return storeNext(context, draft, existing);
}

/**
 * A writer may edit the record of owners, or clear it; through a subresource it may not. A
 * record that cannot be one is passed over.
 */
function entriesToStartFrom(
  { subresource }: WriteContext,
  given: readonly ManagedFields[] | undefined,
  stored: readonly ManagedFields[] | undefined,
): readonly ManagedFields[] | undefined {
  if (subresource !== '' || given === undefined) return stored;
  return given.length === 0 || decodeOwners(given)?.size ? given : stored;
}

/** The name in the object has to be that of the request. */
export function checkName({ name }: WriteContext, metadata: JsonDraft): void {
  const given = metadata['name'] as string | undefined;
  if (!given) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (given !== name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  }
}
