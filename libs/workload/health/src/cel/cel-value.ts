import { isRecord } from '../facts.ts';

/** How large an object is, in the three ways that an expression can feel. */
export interface Extent {
  /** How many values it holds in all. */
  readonly values: number;
  /** How many entries its longest list or map has. */
  readonly longest: number;
  /** How many characters its longest text has. */
  readonly text: number;
}

/** An object as CEL sees it, and how large it is. */
export interface CelValue {
  readonly fields: Map<string, unknown>;
  readonly extent: Extent;
}

/**
 * JSON knows one kind of number, CEL two: whole ones become `int`, as they are for Kubernetes. Objects become maps, in
 * which no name means anything by itself.
 */
export function celValue(object: object): CelValue {
  const extent = { values: 0, longest: 0, text: 0 };
  return { fields: mapOf(object, extent), extent };
}

type Measure = { -readonly [Name in keyof Extent]: Extent[Name] };

function valueOf(value: unknown, measure: Measure): unknown {
  measure.values++;
  if (typeof value === 'string') measure.text = Math.max(measure.text, value.length);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (isRecord(value)) return mapOf(value, measure);
  if (!Array.isArray(value)) return value;
  measure.longest = Math.max(measure.longest, value.length);
  return value.map((each) => valueOf(each, measure));
}

function mapOf(record: object, measure: Measure): Map<string, unknown> {
  const entries = Object.entries(record);
  measure.longest = Math.max(measure.longest, entries.length);
  return new Map(entries.map(([name, value]) => [name, valueOf(value, measure)]));
}
