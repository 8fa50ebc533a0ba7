import { isObject, type Json, type JsonObject } from '../../schema/schema-type.ts';

/** A label selector in kubectl's grammar, sorted by key; text stays as it is. */
export function selectorText(selector: Json | undefined): string {
  if (typeof selector === 'string') return selector;
  if (!isObject(selector)) return '';
  const equal = Object.entries((selector['matchLabels'] ?? {}) as Record<string, string>);
  const expressions = (selector['matchExpressions'] ?? []) as readonly JsonObject[];
  const parts = [
    ...equal.map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...expressions.map((expression) => ({ key: expression['key'] as string, text: expressionText(expression) })),
  ];
  return parts
    .toSorted((left, right) => (left.key < right.key ? -1 : 1))
    .map(({ text }) => text)
    .join(',');
}

function expressionText(expression: JsonObject): string {
  const { operator, values = [] } = expression;
  const key = expression['key'] as string;
  const list = (values as readonly string[]).toSorted().join(',');
  switch (operator) {
    case 'In':
      return `${key} in (${list})`;
    case 'NotIn':
      return `${key} notin (${list})`;
    case 'Exists':
      return key;
    default:
      return `!${key}`;
  }
}
