import type { FieldsV1 } from '@flotilla/model';
import { isDeepEqual } from './deep-equal.ts';
import { parseStep, type FieldPath, type FieldStep } from './field-path.ts';
import { isRecord, select } from './select.ts';

/** One field of a set. */
export interface Member {
  readonly path: FieldPath;
  /** Whether other fields of the set stand inside it. */
  readonly holds: boolean;
}

/** Every field of a set, those that hold others before what they hold. */
export function membersOf(fields: FieldsV1, above: FieldPath = []): Member[] {
  return Object.entries(fields).flatMap(([key, child]) => {
    if (key === '.') return [];
    const path = [...above, key];
    const inside = membersOf(child, path);
    return isMember(child) ? [{ path, holds: inside.length > 0 }, ...inside] : inside;
  });
}

/** A node stands for itself when it is a leaf or says so with `.`; otherwise it only holds others. */
export function isMember(fields: FieldsV1): boolean {
  return Object.hasOwn(fields, '.') || Object.keys(fields).length === 0;
}

/** Whether a set holds this field itself, or as part of something that it holds as a whole. */
export function holdsField(fields: FieldsV1, [key, ...rest]: FieldPath): boolean {
  if (key === undefined) return isMember(fields);
  const child = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (!child) return false;
  return Object.keys(child).length === 0 || holdsField(child, rest);
}

/** A set of these fields. */
export function fieldsOfPaths(paths: readonly FieldPath[]): FieldsV1 {
  return paths.reduce<FieldsV1>((fields, path) => withPath(fields, path), {});
}

function withPath(fields: FieldsV1, [key, ...rest]: FieldPath): FieldsV1 {
  if (key === undefined) return fields;
  const child = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (rest.length === 0) {
    const isNode = child !== undefined && Object.keys(child).length > 0;
    return { ...fields, [key]: isNode ? { '.': {}, ...child } : {} };
  }
  // What was a leaf and gets something below it still stands for itself.
  const above = child && Object.keys(child).length === 0 ? { '.': {} } : (child ?? {});
  return { ...fields, [key]: withPath(above, rest) };
}

/**
 * What stands at a field in an object as its author wrote it. He may leave out a part of an item's key that the server
 * fills in, such as the protocol of a port: the one item that contradicts nothing is meant.
 */
export function selectWritten(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((found, key) => {
    const step = parseStep(key);
    return select(found, step) ?? (step?.kind === 'key' ? itemMeant(found, step) : undefined);
  }, value);
}

function itemMeant(list: unknown, { fields }: Extract<FieldStep, { kind: 'key' }>): unknown {
  const items = Array.isArray(list) ? list.filter((item) => isMeant(item, fields)) : [];
  return items.length === 1 ? (items[0] as unknown) : undefined;
}

function isMeant(item: unknown, fields: Readonly<Record<string, unknown>>): boolean {
  if (!isRecord(item)) return false;
  const named = Object.entries(fields).filter(([name]) => Object.hasOwn(item, name));
  return named.length > 0 && named.every(([name, value]) => isDeepEqual(item[name], value));
}
