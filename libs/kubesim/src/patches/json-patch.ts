import { equalValues } from '../fields/values.ts';
import { isList, isObject, type Json, type JsonDraft } from '../schema/schema-type.ts';

/** One step of a JSON patch (RFC 6902). */
export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}

/** The document after all steps; `undefined` when one of them does not apply. */
export function applyJsonPatch(document: Json, operations: readonly PatchOperation[]): Json | undefined {
  const root = { document: structuredClone(document) as Json | undefined };
  for (const operation of operations) if (!applyOne(root, operation)) return undefined;
  return root.document;
}

interface Root {
  document: Json | undefined;
}

function applyOne(root: Root, { op, path, from, value }: PatchOperation): boolean {
  const to = readPointer(path);
  const source = from === undefined ? undefined : readPointer(from);
  if (!to) return false;
  switch (op) {
    case 'add':
      return value !== undefined && add(root, to, value);
    case 'remove':
      return remove(root, to);
    case 'replace':
      return value !== undefined && find(root.document, to) !== undefined && replace(root, to, value);
    case 'test':
      return equalValues(find(root.document, to) ?? null, value ?? null);
    case 'copy':
      return copy(root, source, to);
    case 'move':
      return copy(root, source, to, () => remove(root, source!));
    default:
      return false;
  }
}

function copy(root: Root, source: string[] | undefined, to: string[], before?: () => boolean): boolean {
  const value = source && find(root.document, source);
  if (value === undefined || (before && !before())) return false;
  return add(root, to, structuredClone(value));
}

function add(root: Root, to: readonly string[], value: Json): boolean {
  const name = to.at(-1);
  if (name === undefined) {
    root.document = value;
    return true;
  }
  const parent = find(root.document, to.slice(0, -1));
  if (isList(parent)) {
    const index = name === '-' ? parent.length : listIndex(name);
    if (index === undefined || index > parent.length) return false;
    (parent as Json[]).splice(index, 0, value);
    return true;
  }
  if (!isObject(parent)) return false;
  const draft: JsonDraft = parent;
  draft[name] = value;
  return true;
}

function remove(root: Root, to: readonly string[]): boolean {
  const name = to.at(-1);
  const parent = find(root.document, to.slice(0, -1));
  if (name === undefined || find(root.document, to) === undefined) return false;
  if (isList(parent)) (parent as Json[]).splice(listIndex(name)!, 1);
  else delete (parent as JsonDraft)[name];
  return true;
}

function replace(root: Root, to: readonly string[], value: Json): boolean {
  const name = to.at(-1);
  if (name === undefined) {
    root.document = value;
    return true;
  }
  const parent = find(root.document, to.slice(0, -1)) as JsonDraft;
  parent[name] = value;
  return true;
}

function find(document: Json | undefined, path: readonly string[]): Json | undefined {
  let value = document;
  for (const name of path) {
    if (isList(value)) value = listIndex(name) === undefined ? undefined : value[listIndex(name)!];
    else value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

function listIndex(name: string): number | undefined {
  return /^(0|[1-9]\d*)$/.test(name) ? Number(name) : undefined;
}

function readPointer(text: string): string[] | undefined {
  if (text === '') return [];
  if (!text.startsWith('/')) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
