import { decodeObject, zeroObject } from '../decode/decode-object.ts';
import type { FieldDoor } from '../fields/field-door.ts';
import { emptySet } from '../fields/field-set.ts';
import { ignoring } from '../fields/own-fields.ts';
import { applyDefaults } from '../kinds/apply-defaults.ts';
import { kindRules } from '../kinds/kind-rules-table.ts';
import type { KindRules } from '../kinds/kind-rules.ts';
import { builtinResources, builtinTypes, type ResourceDescription } from '../schema/builtin.ts';
import type { JsonObject, StructType } from '../schema/schema-type.ts';
import type { Codec, ServedResource } from './served-resource.ts';

const scalePaths = {
  specReplicas: ['spec', 'replicas'],
  statusReplicas: ['status', 'replicas'],
  selector: ['spec', 'selector'],
};

/** The built-in resources, made once and shared by every simulated cluster of the process. */
export const builtin: readonly ServedResource[] = builtinResources.map(serve);

function serve(description: ResourceDescription): ServedResource {
  const { group, version, kind, subresources, shortNames = [], categories = [] } = description;
  const type = builtinTypes.struct(description.type);
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const rules = kindRules[description.type] ?? {};
  const codec = builtinCodec(type);
  return {
    ...description,
    apiVersion,
    listKind: `${kind}List`,
    shortNames,
    categories,
    codec,
    rules,
    doors: fieldDoors({ apiVersion, type, rules, zero: codec.zero }, subresources),
    scale: subresources.some(({ name }) => name === 'scale') ? scalePaths : undefined,
    isCustom: false,
  };
}

function builtinCodec(type: StructType): Codec {
  let zero: JsonObject | undefined;
  return {
    decode: (json) => decodeObject(type, json),
    applyDefaults: (draft) => applyDefaults(type, draft),
    get zero() {
      return (zero ??= zeroObject(type));
    },
  };
}

interface Doors {
  readonly apiVersion: string;
  readonly type: StructType;
  readonly rules: KindRules;
  readonly zero: JsonObject;
}

function fieldDoors(
  { apiVersion, type, rules, zero }: Doors,
  subresources: ResourceDescription['subresources'],
): Record<string, FieldDoor> {
  const typeOf = (version: string) => (version === apiVersion ? type : undefined);
  const door = (subresource: string): FieldDoor => {
    const resets = subresource === '' ? rules.resets : rules.subresourceResets?.[subresource];
    return {
      apiVersion,
      ...(subresource && { subresource }),
      typeOf,
      ignore: ignoring(resets ?? emptySet),
      zero,
    };
  };
  return Object.fromEntries(['', ...subresources.map(({ name }) => name)].map((name) => [name, door(name)]));
}
