import { decodeObject, zeroObject } from '../../decode/decode-object.ts';
import { emptySet } from '../../fields/field-set.ts';
import { ignoring } from '../../fields/own-fields.ts';
import { fieldElement } from '../../fields/path-element.ts';
import { ownersAfterScale, scaleApiVersion, scaleOwners } from '../../fields/scale-owners.ts';
import { metadataOf, withMetadata } from '../../objects/metadata.ts';
import { checkNotNegative } from '../../kinds/check-values.ts';
import { internalServerError, invalid, notFound } from '../../problems/status-fault.ts';
import { builtinTypes } from '../../schema/builtin.ts';
import type { Json, JsonDraft, JsonObject } from '../../schema/schema-type.ts';
import type { ScalePaths, ServedResource } from '../served-resource.ts';
import { checkUid, storeNext } from '../write/update-object.ts';
import type { WriteContext } from '../write/write-context.ts';
import { selectorText } from './selector-text.ts';

const type = builtinTypes.struct('autoscaling.v1.Scale');
const zero = zeroObject(type);

/** The `Scale` that stands for any object with replicas, as a resource of its own. */
export const scaleResource: ServedResource = {
  group: 'autoscaling',
  version: 'v1',
  apiVersion: scaleApiVersion,
  kind: 'Scale',
  listKind: 'ScaleList',
  plural: 'scales',
  singular: 'scale',
  namespaced: true,
  shortNames: [],
  categories: [],
  verbs: ['get', 'patch', 'update'],
  subresources: [],
  codec: { decode: (json) => decodeObject(type, json), applyDefaults: () => undefined, zero },
  rules: {},
  doors: {
    '': {
      apiVersion: scaleApiVersion,
      subresource: 'scale',
      typeOf: (version) => (version === scaleApiVersion ? type : undefined),
      ignore: ignoring(emptySet),
      zero,
    },
  },
  isCustom: false,
};

/** The scale of an object, without owners. */
export function readScale({ scale }: ServedResource, object: JsonObject): JsonObject {
  const { specReplicas, statusReplicas, selector } = scale!;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadataOf(object);
  const text = selector && selectorText(valueAt(object, selector));
  const replicas = valueAt(object, specReplicas);
  if (replicas === undefined) {
    throw internalServerError(`the spec replicas field ".${specReplicas.join('.')}" does not exist`);
  }
  return {
    kind: 'Scale',
    apiVersion: scaleApiVersion,
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: valueAt(object, statusReplicas) ?? 0, ...(text && { selector: text }) },
  };
}

/** The scale as a writer sees it: with those who own the number. */
export function ownedScale(resource: ServedResource, object: JsonObject): JsonObject {
  const scale = readScale(resource, object);
  const managedFields = scaleOwners(metadataOf(object).managedFields, replicasPath(resource.scale!));
  return withMetadata(scale, { managedFields });
}

/** Stores the object with the number that a written scale has. */
export function storeScaled(context: WriteContext, scale: JsonDraft, existing: JsonObject): JsonObject {
  const { resource, name } = context;
  const metadata = metadataOf(scale);
  const replicas = ((scale['spec'] as JsonObject | undefined)?.['replicas'] ?? 0) as number;
  const problems = checkNotNegative('spec.replicas', replicas);
  if (problems.length > 0) throw invalid(scaleResource, name, problems);
  checkUid(context, metadata.uid, existing);
  const managedFields = ownersAfterScale({
    before: metadataOf(existing).managedFields,
    scale: metadata.managedFields,
    apiVersion: resource.apiVersion,
    replicas: replicasPath(resource.scale!),
  });
  const draft: JsonDraft = structuredClone(existing);
  setAt(draft, resource.scale!.specReplicas, replicas);
  Object.assign(draft['metadata'], {
    managedFields,
    resourceVersion: metadata.resourceVersion || metadataOf(existing).resourceVersion,
  });
  if (!managedFields) delete draft['metadata'].managedFields;
  return readScale(resource, storeNext({ ...context, subresource: '' }, draft, existing));
}

/** A scale can only be written where there is something to scale. */
export function existingToScale({ cluster, resource, name }: WriteContext, key: string): JsonObject {
  const existing = cluster.store(resource).get(key);
  if (!existing || !resource.scale) throw notFound(resource, name);
  return existing;
}

function replicasPath({ specReplicas }: ScalePaths): string[] {
  return specReplicas.map(fieldElement);
}

function valueAt(object: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const name of path) value = (value as JsonObject | undefined)?.[name];
  return value;
}

function setAt(draft: JsonDraft, path: readonly string[], value: Json): void {
  let parent = draft;
  for (const name of path.slice(0, -1)) parent = (parent[name] ??= {}) as JsonDraft;
  parent[path.at(-1)!] = value;
}
