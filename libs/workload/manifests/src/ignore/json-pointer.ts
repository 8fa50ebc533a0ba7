import { isRecord } from '../fields/select.ts';

/** The steps of a JSON pointer (RFC 6901); `undefined` for a text that is none. */
export function pointerSteps(pointer: string): string[] | undefined {
  if (!pointer.startsWith('/')) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value without what these steps lead to; the very same value when they lead nowhere. What is left empty stays. */
export function withoutPointer(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (Array.isArray(value)) return withoutItem(value, step, rest);
  if (!isRecord(value) || !Object.hasOwn(value, step)) return value;
  if (rest.length === 0) {
    const { [step]: _, ...others } = value;
    return others;
  }
  const kept = withoutPointer(value[step], rest);
  return kept === value[step] ? value : { ...value, [step]: kept };
}

function withoutItem(list: readonly unknown[], step: string, rest: readonly string[]): readonly unknown[] {
  const index = /^(0|[1-9]\d*)$/.test(step) ? Number(step) : -1;
  if (index < 0 || index >= list.length) return list;
  if (rest.length === 0) return list.toSpliced(index, 1);
  const kept = withoutPointer(list[index], rest);
  return kept === list[index] ? list : list.with(index, kept);
}
