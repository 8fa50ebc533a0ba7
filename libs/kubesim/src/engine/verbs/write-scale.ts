import { manageUpdate } from '../../fields/field-manager.ts';
import { metadataOf } from '../../objects/metadata.ts';
import type { JsonDraft, JsonObject } from '../../schema/schema-type.ts';
import type { Cluster } from '../cluster.ts';
import { readObject } from '../read-object.ts';
import { readWriteOptions, type WriteOptions } from '../read-options.ts';
import type { Answer, ResourceRequest } from '../resource-request.ts';
import { setManagedFields } from '../write/create-object.ts';
import { keyOfWrite, writeContext, type WriteContext } from '../write/write-context.ts';
import { applyConfig } from './apply.ts';
import { patchedObject } from './patched-object.ts';
import { existingToScale, ownedScale, scaleResource, storeScaled } from './scale.ts';

/** Replaces the scale of an object. */
export function replaceScale(cluster: Cluster, request: ResourceRequest): Answer {
  const options = readWriteOptions('UpdateOptions', request.query);
  const context = writeContext(cluster, request, options);
  return writeScale(context, (live) => {
    return owned(context, readObject({ ...request, resource: scaleResource }, options), live);
  });
}

/** Patches the scale of an object, by apply as well. */
export function patchScale(
  cluster: Cluster,
  request: ResourceRequest,
  { options, contentType }: { readonly options: WriteOptions; readonly contentType: string },
): Answer {
  const context = writeContext(cluster, request, options);
  const scaled = { ...request, resource: scaleResource };
  return writeScale(context, (live) => {
    if (contentType === 'application/apply-patch+yaml') {
      return applyConfig(
        { ...context, resource: scaleResource, door: scaleResource.doors['']! },
        scaled,
        options,
        live,
      );
    }
    return owned(context, patchedObject({ request: scaled, options, contentType, existing: live }), live);
  });
}

function writeScale(context: WriteContext, next: (live: JsonObject) => JsonDraft): Answer {
  const existing = existingToScale(context, keyOfWrite(context));
  const scale = next(ownedScale(context.resource, existing));
  return { status: 200, body: storeScaled(context, scale, existing) };
}

function owned({ manager, time }: WriteContext, draft: JsonDraft, live: JsonObject): JsonDraft {
  const door = scaleResource.doors['']!;
  const entries = metadataOf(live).managedFields;
  const metadata = (draft['metadata'] ??= {}) as JsonDraft;
  delete metadata['managedFields'];
  const next = draft;
  setManagedFields(metadata, manageUpdate(door, { live, next, isCreate: false, entries, manager, time }));
  return draft;
}
