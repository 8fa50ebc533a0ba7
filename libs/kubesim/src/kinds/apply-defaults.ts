import { roundUpToMilli } from '../decode/quantity.ts';
import type { Json, JsonDraft, SchemaType, StructField, StructType } from '../schema/schema-type.ts';
import { defaultsOf } from './defaults.ts';

/**
 * Fills in what a real server fills in. Each type has its own defaults, which apply wherever the type occurs: a
 * probe's in every container of every workload. A parent's come before its parts'.
 */
export function applyDefaults(type: StructType, draft: JsonDraft): void {
  defaultsOf(type.name)?.(draft);
  for (const field of fieldsWithDefaults(type)) {
    if (field.default && isUnset(draft[field.name])) draft[field.name] = field.default;
    const value = draft[field.name] as JsonDraft | undefined;
    if (value !== undefined && value !== null) applyBelow(field.type, value);
  }
}

function applyBelow(type: SchemaType, value: JsonDraft): void {
  if (type.kind === 'struct') {
    applyDefaults(type, value);
  } else if (type.kind === 'list') {
    if (type.element.kind === 'struct') for (const item of value as JsonDraft[]) applyBelow(type.element, item);
  } else if (type.kind === 'map') {
    if (isAmount(type.element)) roundAmounts(value);
    else for (const item of Object.values(value)) applyBelow(type.element, item as JsonDraft);
  }
}

/** The server keeps amounts of resources in thousandths. */
function roundAmounts(amounts: Record<string, string>): void {
  for (const [name, amount] of Object.entries(amounts)) amounts[name] = roundUpToMilli(amount);
}

function isUnset(value: Json | undefined): boolean {
  return value === undefined || value === '' || value === null;
}

const withDefaults = new WeakMap<StructType, readonly StructField[]>();

function fieldsWithDefaults(type: StructType): readonly StructField[] {
  const known = withDefaults.get(type);
  if (known) return known;
  const fields = [...type.fields.values()].filter((field) => Boolean(field.default) || reaches(field.type, new Set()));
  withDefaults.set(type, fields);
  return fields;
}

/** Whether anything in or below the type has a default. */
function reaches(type: SchemaType, seen: Set<StructType>): boolean {
  switch (type.kind) {
    case 'scalar':
    case 'any':
      return false;
    case 'list':
      return reaches(type.element, seen);
    case 'map':
      return isAmount(type.element) || reaches(type.element, seen);
    case 'struct':
      if (seen.has(type)) return false;
      seen.add(type);
      if (defaultsOf(type.name)) return true;
      return [...type.fields.values()].some((field) => Boolean(field.default) || reaches(field.type, seen));
  }
}

function isAmount(type: SchemaType): boolean {
  return type.kind === 'scalar' && type.scalar === 'quantity';
}
