import type { Operand, Operator, Path, Step, Test } from './path.ts';

/** Every value that a path leads to, in order. What is not there is left out, as kubectl does. */
export function evaluate({ from, steps }: Path, { root, here }: { root: unknown; here: unknown }): unknown[] {
  let values: unknown[] = [from === 'root' ? root : here];
  for (const step of steps) values = values.flatMap((value) => take(step, value, root));
  return values;
}

function take(step: Step, value: unknown, root: unknown): unknown[] {
  switch (step.kind) {
    case 'field':
      return step.names.flatMap((name) => fieldOf(value, name));
    case 'every':
      return childrenOf(value);
    case 'indexes':
      return Array.isArray(value) ? step.indexes.flatMap((index) => elementOf(value, index)) : [];
    case 'slice':
      return Array.isArray(value) ? sliced(value, step) : [];
    case 'filter':
      return childrenOf(value).filter((child) => holds(step.test, { root, here: child }));
    case 'everything-below':
      return [value, ...below(value)];
  }
}

function fieldOf(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.hasOwn(value, name) ? [(value as Record<string, unknown>)[name]] : [];
}

function childrenOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function below(value: unknown): unknown[] {
  return childrenOf(value).flatMap((child) => [child, ...below(child)]);
}

function elementOf(values: readonly unknown[], index: number): unknown[] {
  const at = index < 0 ? values.length + index : index;
  return at >= 0 && at < values.length ? [values[at]] : [];
}

function sliced(values: readonly unknown[], { from, to, by }: Extract<Step, { kind: 'slice' }>): unknown[] {
  return values.slice(from ?? 0, to ?? values.length).filter((_, index) => index % by === 0);
}

function holds({ left, compare }: Test, at: { root: unknown; here: unknown }): boolean {
  const [value, ...more] = valuesOf(left, at);
  if (!compare) return value !== undefined || more.length > 0;
  const [other] = valuesOf(compare.right, at);
  return compares(value, compare.operator, other);
}

function valuesOf(operand: Operand, at: { root: unknown; here: unknown }): unknown[] {
  return 'value' in operand ? [operand.value] : evaluate(operand, at);
}

function compares(left: unknown, operator: Operator, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const order = orderOf(left, right);
  if (order === undefined) return false;
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator];
}

/** Numbers with numbers and texts with texts; nothing else has an order. */
export function orderOf(left: unknown, right: unknown): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  return left < right ? -1 : left > right ? 1 : 0;
}
