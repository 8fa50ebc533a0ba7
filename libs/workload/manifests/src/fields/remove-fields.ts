import type { FieldsV1, KubeObject } from '@flotilla/model';
import { locateField, type ObjectPath } from './find-field.ts';
import { parseStep, type FieldStep } from './field-path.ts';
import { indexOf, isRecord } from './select.ts';

/**
 * The object without these fields. What is left empty by that goes as well. An item of a list keeps the fields that are
 * its key, but goes when nothing else is left of it and the item itself is among the fields.
 */
export function removeFields(object: KubeObject, fields: FieldsV1): KubeObject {
  return withoutFields(object, fields) as KubeObject;
}

/** The object without one field, named as the API server names it; unchanged when it does not have it. */
export function withoutField(object: KubeObject, field: string): KubeObject {
  const path = locateField(object, field);
  return path && path.length > 0 ? (withoutPath(object, path) as KubeObject) : object;
}

/** Any value without the fields of a set. */
export function withoutFields(value: unknown, fields: FieldsV1): unknown {
  let kept = value;
  for (const [key, child] of Object.entries(fields)) {
    if (key !== '.') kept = withoutChild(kept, key, child);
  }
  return kept;
}

function withoutChild(value: unknown, key: string, fields: FieldsV1): unknown {
  const step = parseStep(key);
  if (step?.kind === 'field') {
    if (!isRecord(value) || !Object.hasOwn(value, step.name)) return value;
    const { [step.name]: child, ...others } = value;
    const kept = keptOf(child, fields);
    return kept === undefined ? others : { ...value, [step.name]: kept };
  }
  const index = indexOf(value, step);
  return index === undefined ? value : withoutItem(value as readonly unknown[], index, { step, fields });
}

interface ItemFields {
  readonly step: FieldStep | undefined;
  readonly fields: FieldsV1;
}

function withoutItem(list: readonly unknown[], index: number, { step, fields }: ItemFields): readonly unknown[] {
  if (Object.keys(fields).length === 0) return list.toSpliced(index, 1);
  const keyNames = step?.kind === 'key' ? Object.keys(step.fields) : [];
  const others = Object.entries(fields).filter(([key]) => !keyNames.some((name) => key === `f:${name}`));
  const kept = withoutFields(list[index], Object.fromEntries(others));
  const gone = Object.hasOwn(fields, '.') && hasOnly(kept, keyNames);
  return gone ? list.toSpliced(index, 1) : list.with(index, kept);
}

/** What is left of a value, or `undefined` when nothing is. */
function keptOf(value: unknown, fields: FieldsV1): unknown {
  if (Object.keys(fields).length === 0) return undefined;
  const kept = withoutFields(value, fields);
  return kept !== value && isEmpty(kept) ? undefined : kept;
}

function withoutPath(value: unknown, [step, ...rest]: ObjectPath): unknown {
  const child = (value as Readonly<Record<string | number, unknown>>)[step!];
  const kept = rest.length === 0 ? undefined : withoutPath(child, rest);
  const gone = kept === undefined || isEmpty(kept);
  if (Array.isArray(value)) return gone ? value.toSpliced(Number(step), 1) : value.with(Number(step), kept);
  const { [step!]: _, ...others } = value as Readonly<Record<string, unknown>>;
  return gone ? others : { ...(value as object), [step!]: kept };
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function hasOnly(value: unknown, names: readonly string[]): boolean {
  return isRecord(value) && Object.keys(value).every((name) => names.includes(name));
}
