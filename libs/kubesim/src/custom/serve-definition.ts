import { createHash } from 'node:crypto';
import { decodeObject } from '../decode/decode-object.ts';
import type { Codec, ScalePaths, ServedResource, ServedSubresource } from '../engine/served-resource.ts';
import type { FieldDoor } from '../fields/field-door.ts';
import { setOf } from '../fields/field-set.ts';
import { ignoring } from '../fields/own-fields.ts';
import { metadataOf } from '../objects/metadata.ts';
import { forbidden } from '../problems/status-fault.ts';
import { builtinTypes } from '../schema/builtin.ts';
import type { JsonObject, StructType } from '../schema/schema-type.ts';
import { customRules } from './custom-rules.ts';
import { customType, type CustomSchema } from './custom-schema.ts';
import { defaultCustom } from './default-custom.ts';
import { pruneCustom } from './prune-custom.ts';

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

interface Version {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema?: { readonly openAPIV3Schema?: CustomSchema };
  readonly subresources?: { readonly status?: object; readonly scale?: Readonly<Record<string, string>> };
}

interface Names {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** What a custom resource definition makes the server serve: a resource for each of its served versions. */
export function serveDefinition(definition: JsonObject): ServedResource[] {
  const spec = definition['spec'] as unknown as { group: string; scope: string; names: Names; versions: Version[] };
  const types = new Map(
    spec.versions.map((version) => [`${spec.group}/${version.name}`, customType(schemaOf(version))]),
  );
  return spec.versions
    .filter(({ served }) => served)
    .toSorted((left, right) => compareVersions(left.name, right.name))
    .map((version) => serveVersion(definition, version, types));
}

function serveVersion(
  definition: JsonObject,
  version: Version,
  types: ReadonlyMap<string, StructType>,
): ServedResource {
  const { group, scope, names } = definition['spec'] as unknown as { group: string; scope: string; names: Names };
  const apiVersion = `${group}/${version.name}`;
  const schema = schemaOf(version);
  const { kind, listKind, plural, singular, shortNames = [], categories = [] } = names;
  const hasStatus = version.subresources?.status !== undefined;
  const isGoing = metadataOf(definition).deletionTimestamp !== undefined;
  const subresources = subresourcesOf(version, kind);
  const zero = { apiVersion, kind };
  return {
    group,
    version: version.name,
    apiVersion,
    kind,
    listKind,
    plural,
    singular,
    namespaced: scope === 'Namespaced',
    shortNames,
    categories,
    verbs,
    storageVersionHash: createHash('sha256').update(`${apiVersion}/${kind}`).digest('base64').slice(0, 12),
    subresources,
    codec: customCodec(schema, zero),
    rules: {
      ...customRules(schema, { hasStatus }),
      ...(isGoing && {
        admitCreate: (draft) => {
          const why = 'create not allowed while custom resource definition is terminating';
          throw forbidden({ group, plural }, metadataOf(draft).name, why);
        },
      }),
    },
    doors: customDoors({ apiVersion, types, zero, hasStatus }, subresources),
    scale: scalePaths(version),
    isCustom: true,
  };
}

function schemaOf({ schema }: Version): CustomSchema {
  return schema?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
}

/** Versions in the order of preference: stable before beta before alpha, later before earlier. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [rankOf(left), rankOf(right)];
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
}

function rankOf(version: string): readonly [number, number, number] {
  const [, major = '0', stage = '', minor = '0'] = /^v(\d+)(alpha|beta)?(\d+)?$/.exec(version) ?? [];
  return [stage === '' ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor)];
}

function subresourcesOf({ subresources }: Version, kind: string): ServedSubresource[] {
  const all = ['get', 'patch', 'update'];
  return [
    ...(subresources?.status ? [{ name: 'status', kind, verbs: all }] : []),
    ...(subresources?.scale ? [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: all }] : []),
  ];
}

function scalePaths({ subresources }: Version): ScalePaths | undefined {
  const scale = subresources?.scale;
  if (!scale) return undefined;
  return {
    specReplicas: splitPath(scale['specReplicasPath']!),
    statusReplicas: splitPath(scale['statusReplicasPath']!),
    ...(scale['labelSelectorPath'] && { selector: splitPath(scale['labelSelectorPath']) }),
  };
}

function splitPath(text: string): string[] {
  return text.split('.').filter(Boolean);
}

/** Custom objects are JSON as it came, without what the schema does not know; only the metadata has a Go type. */
function customCodec(schema: CustomSchema, zero: JsonObject): Codec {
  const metadataType = builtinTypes.struct('meta.v1.ObjectMeta');
  return {
    zero,
    decode: (json) => {
      const { apiVersion, kind, metadata, ...content } = json as JsonObject;
      const unknown: string[] = [];
      const decoded = decodeObject(metadataType, metadata ?? {});
      const pruned = pruneCustom(schema, content, '', unknown) as JsonObject;
      const inMetadata = decoded.problems.unknown.map((path) => `metadata.${path}`);
      return {
        value: { apiVersion, kind, metadata: decoded.value, ...pruned },
        problems: { error: decoded.problems.error, unknown: [...unknown, ...inMetadata].toSorted() },
      };
    },
    applyDefaults: (draft) => {
      const { metadata, ...content } = draft;
      defaultCustom(schema, content);
      for (const name of Object.keys(draft)) delete draft[name];
      Object.assign(draft, { metadata }, content);
    },
  };
}

interface CustomDoors {
  readonly apiVersion: string;
  readonly types: ReadonlyMap<string, StructType>;
  readonly zero: JsonObject;
  readonly hasStatus: boolean;
}

function customDoors(
  { apiVersion, types, zero, hasStatus }: CustomDoors,
  subresources: readonly ServedSubresource[],
): Record<string, FieldDoor> {
  const typeOf = (version: string) => types.get(version);
  const main = { apiVersion, typeOf, zero, ignore: ignoring(setOf(...(hasStatus ? [['f:status']] : []))) };
  const doors = subresources.map(({ name }): [string, FieldDoor] => [
    name,
    { ...main, subresource: name, ignore: ignoring(setOf(['f:spec'])) },
  ]);
  return Object.fromEntries([['', main], ...doors]);
}
