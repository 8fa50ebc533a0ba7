/**
 * JSON with keys in one order and without absent values: equal values have equal text, so the text can be hashed,
 * signed and compared.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  const present = Object.entries(value).filter(([, child]) => child !== undefined);
  const ordered = present.toSorted(([left], [right]) => (left < right ? -1 : 1));
  // Built from entries, because assigning a key named `__proto__` would lose it.
  return Object.fromEntries(ordered.map(([key, child]) => [key, inOrder(child)]));
}
