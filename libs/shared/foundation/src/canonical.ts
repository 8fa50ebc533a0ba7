/**
 * JSON with keys in one order and without absent values: equal values have equal text, so the text can be hashed,
 * signed and compared.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

/**
 * Whether two values of JSON have the same canonical text, told without writing it: what differs mostly does so early,
 * and what is the same object is not looked into.
 */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (!isComposed(left) || !isComposed(right) || Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = presentKeys(left);
  return (
    keys.length === presentKeys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key], right[key]))
  );
}

function isComposed(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}

function presentKeys(value: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined);
}

/** The value itself where it is in order already, as most of what an API server answers is: a copy is garbage. */
function inOrder(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? itemsInOrder(value) : keysInOrder(value as Readonly<Record<string, unknown>>);
}

function itemsInOrder(items: readonly unknown[]): readonly unknown[] {
  let ordered: unknown[] | undefined;
  for (const [index, item] of items.entries()) {
    const child = inOrder(item);
    if (child === item) continue;
    ordered ??= [...items];
    ordered[index] = child;
  }
  return ordered ?? items;
}

function keysInOrder(value: Readonly<Record<string, unknown>>): object {
  const keys = Object.keys(value);
  let isInOrder = isPlain(value);
  const children = keys.map((key, at) => {
    const child = inOrder(value[key]);
    isInOrder &&= child === value[key] && (at === 0 || keys[at - 1]! < key);
    return child;
  });
  if (isInOrder) return value;
  // Built from entries, because assigning a key named `__proto__` would lose it.
  return Object.fromEntries(keys.map((key, at) => [key, children[at]] as const).toSorted(byKey));
}

/** What is of a class may have words of its own for JSON, which are not asked for. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
