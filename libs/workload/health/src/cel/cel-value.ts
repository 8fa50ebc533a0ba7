import { isRecord } from '../facts.ts';

/** An object as CEL sees it, and how many values it holds. */
export interface CelValue {
  readonly fields: Map<string, unknown>;
  readonly count: number;
}

/**
 * JSON knows one kind of number, CEL two: whole ones become `int`, as they are for Kubernetes. Objects become maps, in
 * which no name means anything by itself.
 */
export function celValue(object: object): CelValue {
  const counter = { count: 0 };
  return { fields: mapOf(object, counter), count: counter.count };
}

function valueOf(value: unknown, counter: { count: number }): unknown {
  // Long text is more work than a word.
  counter.count += 1 + (typeof value === 'string' ? value.length >> 8 : 0);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((each) => valueOf(each, counter));
  return isRecord(value) ? mapOf(value, counter) : value;
}

function mapOf(record: object, counter: { count: number }): Map<string, unknown> {
  return new Map(Object.entries(record).map(([name, value]) => [name, valueOf(value, counter)]));
}
