import type { FieldsV1 } from '@flotilla/model';

/** The way to one value, in the API server's own steps: `f:data`, `f:a`, or `k:{"name":"app"}` for an item of a list. */
export type Leaf = readonly string[];

type Tree = Readonly<Record<string, unknown>>;

/** Written by the server itself, or what the object is called by: nobody owns these. */
const unowned = new Set(['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp']);

/** Every value of an object that somebody can own. Lists of named things are owned item by item, others as a whole. */
export function leavesOf({ apiVersion: _, kind: __, metadata, ...rest }: Tree): Leaf[] {
  const { managedFields: ___, ...known } = (metadata ?? {}) as Tree;
  const own = Object.fromEntries(Object.entries(known).filter(([name]) => !unowned.has(name)));
  const all = { ...rest, ...(Object.keys(own).length > 0 && { metadata: own }) };
  return Object.keys(all).length > 0 ? leavesIn(all) : [];
}

function leavesIn(value: unknown): Leaf[] {
  if (isNamedList(value)) {
    return value.flatMap((item) => leavesIn(item).map((leaf) => [`k:${JSON.stringify({ name: item.name })}`, ...leaf]));
  }
  if (!isTree(value) || Object.keys(value).length === 0) return [[]];
  return Object.entries(value).flatMap(([name, child]) => leavesIn(child).map((leaf) => [`f:${name}`, ...leaf]));
}

/** What a tree of fields names; fields are never changed, and the same ones are asked for at each write. */
const leavesKnown = new WeakMap<FieldsV1, readonly Leaf[]>();

export function leavesOfFields(fields: FieldsV1): readonly Leaf[] {
  const known = leavesKnown.get(fields) ?? leavesWithin(fields);
  leavesKnown.set(fields, known);
  return known;
}

function leavesWithin(fields: FieldsV1): Leaf[] {
  const entries = Object.entries(fields);
  if (entries.length === 0) return [[]];
  return entries.flatMap(([step, child]) => leavesWithin(child).map((leaf) => [step, ...leaf]));
}

export function fieldsOf(leaves: readonly Leaf[]): FieldsV1 {
  const fields: GrowingFields = {};
  for (const leaf of leaves) leaf.reduce((within, step) => (within[step] ??= {}), fields);
  return fields;
}

interface GrowingFields {
  [step: string]: GrowingFields;
}

/** As the API server names it in a conflict: `.spec.containers[name="app"].image`. */
export function leafText(leaf: Leaf): string {
  return leaf.map((step) => (step.startsWith('f:') ? `.${step.slice(2)}` : `[name="${nameIn(step)}"]`)).join('');
}

export function readLeaf(value: unknown, leaf: Leaf): unknown {
  return leaf.reduce<unknown>((within, step) => {
    if (step.startsWith('f:')) return isTree(within) ? within[step.slice(2)] : undefined;
    return isNamedList(within) ? within.find(({ name }) => name === nameIn(step)) : undefined;
  }, value);
}

/** A copy with this value there; `undefined` takes it away, and what is left empty by that. */
export function writeLeaf(value: unknown, [step, ...rest]: Leaf, written: unknown): unknown {
  if (step === undefined) return written;
  return step.startsWith('f:')
    ? withField(isTree(value) ? value : {}, step.slice(2), { rest, written })
    : withItem(isNamedList(value) ? value : [], nameIn(step), { rest, written });
}

interface Writing {
  readonly rest: Leaf;
  readonly written: unknown;
}

function withField(value: Tree, name: string, { rest, written }: Writing): Tree | undefined {
  const child = writeLeaf(value[name], rest, written);
  const { [name]: _, ...others } = value;
  if (child !== undefined) return { ...value, [name]: child };
  return Object.keys(others).length > 0 ? others : undefined;
}

function withItem(list: readonly Tree[], name: string, { rest, written }: Writing): readonly Tree[] | undefined {
  const index = list.findIndex((item) => item.name === name);
  const item = writeLeaf(index < 0 ? {} : list[index], rest, written) as Tree | undefined;
  const left = index < 0 ? [...list, item] : list.with(index, item!);
  const kept = left.filter((each): each is Tree => each !== undefined);
  return kept.length > 0 ? kept : undefined;
}

function nameIn(step: string): string {
  return (JSON.parse(step.slice(2)) as { name: string }).name;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamedList(value: unknown): value is (Tree & { readonly name: string })[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => isTree(item) && typeof item.name === 'string')
  );
}
