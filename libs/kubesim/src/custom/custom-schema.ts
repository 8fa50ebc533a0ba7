import { builtinTypes } from '../schema/builtin.ts';
import {
  anyType,
  isObject,
  type JsonObject,
  type ListMerge,
  type ScalarName,
  type SchemaType,
  type StructField,
  type StructType,
} from '../schema/schema-type.ts';

/** A schema of a custom resource definition, as it is written there. */
export type CustomSchema = JsonObject;

export function propertiesOf(schema: CustomSchema): Readonly<Record<string, CustomSchema>> {
  return (schema['properties'] ?? {}) as Record<string, CustomSchema>;
}

/** The schema of the entries that are not declared; undefined when there may be none. */
export function additionalOf(schema: CustomSchema): CustomSchema | undefined {
  const additional = schema['additionalProperties'];
  if (isObject(additional)) return additional;
  return additional === true ? {} : undefined;
}

export function preservesUnknown(schema: CustomSchema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true;
}

const text: SchemaType = { kind: 'scalar', scalar: 'string', goName: 'string' };

/** The type of a whole custom resource: what its schema says, with the metadata that every object has. */
export function customType(schema: CustomSchema): StructType {
  const type = structType(schema, false);
  const fields = new Map(type.fields);
  fields.set('apiVersion', field('apiVersion', text));
  fields.set('kind', field('kind', text));
  fields.set('metadata', field('metadata', builtinTypes.struct('meta.v1.ObjectMeta')));
  return { ...type, fields };
}

/** Who preserves unknown fields does so all the way down. */
function typeOf(schema: CustomSchema, preserves: boolean): SchemaType {
  const keeps = preserves || preservesUnknown(schema);
  switch (schema['type']) {
    case 'object':
      return objectType(schema, keeps);
    case 'array':
      return { kind: 'list', element: typeOf((schema['items'] ?? {}) as CustomSchema, keeps), merge: mergeOf(schema) };
    case undefined:
      return anyType;
    default:
      return { kind: 'scalar', scalar: scalarOf(schema), goName: '' };
  }
}

function objectType(schema: CustomSchema, preserves: boolean): SchemaType {
  const additional = additionalOf(schema);
  const atomic = schema['x-kubernetes-map-type'] === 'atomic';
  if (additional) return { kind: 'map', element: typeOf(additional, preserves), atomic };
  return structType(schema, preserves);
}

function structType(schema: CustomSchema, preserves: boolean): StructType {
  const keeps = preserves || preservesUnknown(schema);
  const properties = Object.entries(propertiesOf(schema));
  const fields = properties.map(([name, property]): [string, StructField] => {
    const fallback = property['default'];
    return [name, { ...field(name, typeOf(property, keeps)), ...(fallback !== undefined && { default: fallback }) }];
  });
  return {
    kind: 'struct',
    name: '',
    goName: '',
    fields: new Map(fields),
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    ...((keeps || properties.length === 0) && { others: anyType }),
  };
}

function field(name: string, type: SchemaType): StructField {
  return { name, type, pointer: false, omitEmpty: true, omitZero: false };
}

function mergeOf(schema: CustomSchema): ListMerge {
  switch (schema['x-kubernetes-list-type']) {
    case 'map':
      return schema['x-kubernetes-list-map-keys'] as unknown as readonly string[];
    case 'set':
      return 'set';
    default:
      return 'atomic';
  }
}

/** A string of any format is checked no further. */
function scalarOf({ type, format }: CustomSchema): ScalarName {
  if (type === 'boolean') return 'bool';
  if (type === 'integer') return 'int64';
  if (type === 'number') return 'number';
  return format === undefined || format === '' || format === 'byte' ? 'string' : 'intOrString';
}
