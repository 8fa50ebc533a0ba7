import { isDeepEqual } from './deep-equal.ts';
import { parseStep, type FieldStep } from './field-path.ts';

/** What a step selects in a value; `undefined` when there is nothing. */
export function select(value: unknown, step: FieldStep | undefined): unknown {
  if (step?.kind === 'field') return isRecord(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
  const index = indexOf(value, step);
  return index === undefined ? undefined : (value as readonly unknown[])[index];
}

export function selectByKey(value: unknown, key: string): unknown {
  return select(value, parseStep(key));
}

/** Which item of a list a step selects. */
export function indexOf(value: unknown, step: FieldStep | undefined): number | undefined {
  if (!Array.isArray(value) || step === undefined || step.kind === 'field') return undefined;
  const index = step.kind === 'index' ? step.index : value.findIndex((item) => matches(item, step));
  return index >= 0 && index < value.length ? index : undefined;
}

function matches(item: unknown, step: FieldStep): boolean {
  if (step.kind === 'value') return isDeepEqual(item, step.value);
  if (step.kind !== 'key' || !isRecord(item)) return false;
  return Object.entries(step.fields).every(([name, value]) => Object.hasOwn(item, name) && item[name] === value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
