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
  const record = value as Record<string, unknown>;
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(record).toSorted()) {
    if (record[key] !== undefined) ordered[key] = inOrder(record[key]);
  }
  return ordered;
}
