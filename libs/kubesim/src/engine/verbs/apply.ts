import { duplicateKeys } from '../../decode/read-json.ts';
import { checkValues } from '../../fields/check-values.ts';
import { manageApply } from '../../fields/field-manager.ts';
import type { Owner } from '../../fields/managers.ts';
import type { OwnerConflict } from '../../fields/own-fields.ts';
import { pathText } from '../../fields/path-element.ts';
import { metadataOf } from '../../objects/metadata.ts';
import { badRequest, conflict, internalError, StatusFault, notFound } from '../../problems/status-fault.ts';
import { isObject, type JsonDraft, type JsonObject } from '../../schema/schema-type.ts';
import type { WriteOptions } from '../read-options.ts';
import { readYaml } from '../read-yaml.ts';
import type { ResourceRequest } from '../resource-request.ts';
import { alignNamespace, setManagedFields, storeNew } from '../write/create-object.ts';
import { storeNext } from '../write/update-object.ts';
import { keyOfWrite, type WriteContext } from '../write/write-context.ts';
import { checkName } from './replace.ts';

export interface AppliedObject {
  readonly object: JsonObject;
  readonly isNew: boolean;
}

/** Server-side apply: the writer owns exactly what it sends, and conflicts with whoever owns something else there. */
export function apply(context: WriteContext, request: ResourceRequest, options: WriteOptions): AppliedObject {
  const { cluster, resource, door } = context;
  const existing = cluster.store(resource).get(keyOfWrite(context));
  if (!existing && context.subresource !== '') throw notFound(resource, context.name);
  const live = existing ?? { ...door.zero, kind: resource.kind, apiVersion: resource.apiVersion };
  const draft = applyConfig(context, request, options, live);
  alignNamespace(context, draft['metadata']);
  if (!existing) checkNoUid(context, draft['metadata']);
  checkName(context, draft['metadata']);
  if (existing) return { object: storeNext(context, draft, existing), isNew: false };
  // What comes into being by an apply may name a version: there is none that it could miss.
  delete draft['metadata'].resourceVersion;
  return { object: storeNew(context, draft), isNew: true };
}

/** What is there with what the request applies, and with its owners, not stored yet. */
export function applyConfig(
  context: WriteContext,
  request: ResourceRequest,
  options: WriteOptions,
  live: JsonObject,
): JsonDraft {
  const { door, manager, time } = context;
  const config = readConfig(request, options);
  checkConfig(context, config);
  const applied = manageApply(door, { live, config, manager, force: options.force ?? false, time });
  if (applied.kind === 'conflicts') throw applyConflict(applied.conflicts);
  const draft = readApplied(context, applied.object, config);
  setManagedFields(draft['metadata'], applied.managedFields);
  return draft;
}

function readConfig({ body, warn }: ResourceRequest, { fieldValidation }: WriteOptions): JsonObject {
  const config = readYaml(body);
  if (!isObject(config)) {
    throw badRequest('error decoding YAML: error unmarshaling JSON: json: cannot unmarshal into an object');
  }
  const twice = fieldValidation === 'Ignore' ? [] : duplicateKeys(body).map(lastName);
  for (const name of twice) {
    const problem = `error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key ${JSON.stringify(name)} already set in map`;
    if (fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: ${problem}`);
    warn(problem);
  }
  return config;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** What is applied has to say what it is, and may not speak of owners. */
function checkConfig({ resource, door }: WriteContext, config: JsonObject): void {
  const { apiVersion = '', kind = '' } = config as { apiVersion?: string; kind?: string };
  if (kind !== resource.kind || apiVersion !== resource.apiVersion) {
    const version = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    throw badRequest(`invalid object type: ${version}, Kind=${kind}`);
  }
  const metadata = config['metadata'];
  if (isObject(metadata) && metadata['managedFields'] !== undefined && metadata['managedFields'] !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const problem = checkValues(door.typeOf(resource.apiVersion)!, config, { duplicates: 'refuse' });
  if (problem !== '') throw internalError(`failed to create typed patch object (${identityOf(config)}): ${problem}`);
}

/** Reads the merged object as its kind does. */
function readApplied({ resource }: WriteContext, merged: JsonObject, config: JsonObject): JsonDraft {
  const { value, problems } = resource.codec.decode(merged);
  if (problems.error !== undefined) {
    const kind = `${resource.apiVersion}, Kind=${resource.kind}`;
    throw internalError(
      `failed to convert new object (${identityOf(config)}) to proper version: unable to convert unstructured object to ${kind}: ${problems.error}`,
    );
  }
  resource.codec.applyDefaults(value);
  value['metadata'] ??= {};
  return value;
}

function checkNoUid({ resource, name }: WriteContext, metadata: JsonDraft): void {
  if (!metadata['uid']) return;
  const why = `uid mismatch: the provided object specified uid ${metadata['uid']}, and no existing object was found`;
  throw conflict(resource, name, why);
}

function identityOf(config: JsonObject): string {
  const { namespace = '', name = '' } = isObject(config['metadata']) ? metadataOf(config) : {};
  const apiVersion = config['apiVersion'] as string;
  return `${namespace}/${name}; ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${config['kind'] as string}`;
}

function applyConflict(conflicts: readonly OwnerConflict[]): StatusFault {
  const causes = conflicts.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${ownerText(owner)}`,
    field: pathText(path),
  }));
  const message = `Apply failed with ${conflictText(conflicts)}`;
  return new StatusFault({ code: 409, reason: 'Conflict', message, details: { causes } });
}

function conflictText(conflicts: readonly OwnerConflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1) return `1 conflict: conflict with ${ownerText(first!.owner)}: ${pathText(first!.path)}`;
  const byOwner = Map.groupBy(conflicts, ({ owner }) => ownerText(owner));
  const parts = [...byOwner].flatMap(([owner, theirs]) => [
    `conflicts with ${owner}:`,
    ...theirs.map(({ path }) => `- ${pathText(path)}`),
  ]);
  return `${conflicts.length} conflicts: ${parts.join('\n')}`;
}

function ownerText({ manager, operation, apiVersion, subresource }: Owner): string {
  const name = JSON.stringify(manager) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : '');
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}
