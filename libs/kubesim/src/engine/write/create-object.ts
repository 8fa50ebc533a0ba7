import type { ManagedFields } from '@flotilla/model';
import { manageUpdate } from '../../fields/field-manager.ts';
import { checkMetadata, type MetadataRules } from '../../kinds/check-metadata.ts';
import { generatedPrefixMax } from '../../kinds/names.ts';
import { metadataOf, storeKey } from '../../objects/metadata.ts';
import { alreadyExists, badRequest, internalError, invalid } from '../../problems/status-fault.ts';
import type { JsonDraft, JsonObject } from '../../schema/schema-type.ts';
import type { ServedResource } from '../served-resource.ts';
import { checkNamespaceOpen } from './namespace-lifecycle.ts';
import type { WriteContext } from './write-context.ts';

const nameAttemptsMax = 8;

/** Creates an object that was posted. The writer owns every field of it. */
export function createObject(context: WriteContext, draft: JsonDraft): JsonObject {
  const metadata = (draft['metadata'] ??= {}) as JsonDraft;
  for (const name of ['creationTimestamp', 'uid', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink']) {
    delete metadata[name];
  }
  alignNamespace(context, metadata);
  const { door, manager, time } = context;
  const entries = metadata['managedFields'] as readonly ManagedFields[] | undefined;
  delete metadata['managedFields'];
  const next = draft;
  setManagedFields(metadata, manageUpdate(door, { live: door.zero, next, isCreate: true, entries, manager, time }));
  return storeNew(context, draft);
}

/** Stores an object that did not exist, whoever owns its fields. */
export function storeNew(context: WriteContext, draft: JsonDraft): JsonObject {
  const { cluster, resource } = context;
  const { name, generateName } = metadataOf(draft);
  checkNamespaceOpen(context, name ?? '');
  resource.rules.admitCreate?.(draft, context.tools);
  const attemptsMax = generateName && !name ? nameAttemptsMax : 1;
  for (let attempt = 1; ; attempt++) {
    const object = complete(context, structuredClone(draft));
    const key = storeKey(context.namespace, metadataOf(object).name);
    const existing = cluster.store(resource).get(key);
    if (!existing) return context.dryRun ? object : cluster.store(resource).put(key, object);
    if (attempt < attemptsMax) continue;
    const isGoing = metadataOf(existing).deletionTimestamp !== undefined;
    throw alreadyExists(resource, metadataOf(object).name, isGoing ? 'object is being deleted: ' : '');
  }
}

/** Gives the object its identity, lets its kind prepare it, and checks it. */
function complete(context: WriteContext, draft: JsonDraft): JsonObject {
  const { cluster, resource, tools, time } = context;
  const metadata = draft['metadata'] as JsonDraft;
  metadata['uid'] = cluster.newUid();
  metadata['creationTimestamp'] = time;
  if (!metadata['name'] && metadata['generateName']) {
    metadata['name'] = `${(metadata['generateName'] as string).slice(0, generatedPrefixMax)}${cluster.nameSuffix()}`;
  }
  resource.rules.prepareCreate?.(draft, tools);
  const object = inOrder(draft, resource);
  const problems = [
    ...checkMetadata(object, metadataRules(resource)),
    ...(resource.rules.validate?.(object, tools) ?? []),
  ];
  if (problems.length > 0) throw invalid(resource, metadataOf(object).name ?? '', problems);
  if (metadata['resourceVersion']) throw internalError('resourceVersion should not be set on objects to be created');
  for (const warning of resource.rules.warnOnCreate?.(object) ?? []) context.warn(warning);
  return object;
}

export function metadataRules({ namespaced, rules }: ServedResource): MetadataRules {
  return { namespaced, nameRule: rules.nameRule ?? 'subdomain', anyFinalizer: rules.anyFinalizer ?? false };
}

/** Objects say what they are first. */
export function inOrder(draft: JsonDraft, { kind, apiVersion }: { kind: string; apiVersion: string }): JsonObject {
  const { kind: _, apiVersion: __, metadata, ...rest } = draft;
  return { kind, apiVersion, metadata, ...rest };
}

/** The namespace of an object is that of the request; it need not say so, and may not say otherwise. */
export function alignNamespace({ resource, namespace }: WriteContext, metadata: JsonDraft): void {
  if (!resource.namespaced) {
    delete metadata['namespace'];
  } else if (!metadata['namespace']) {
    metadata['namespace'] = namespace;
  } else if (metadata['namespace'] !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

export function setManagedFields(metadata: JsonDraft, entries: readonly ManagedFields[] | undefined): void {
  if (entries) metadata['managedFields'] = entries;
  else delete metadata['managedFields'];
}
