import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical.ts';

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [{ d: 1, c: undefined }] }, '{"a":[{"d":1}],"b":1}'],
    [{ a: null, b: false, c: '' }, '{"a":null,"b":false,"c":""}'],
    [[3, 1, 2], '[3,1,2]'],
    [{ 10: 'x', 9: 'y' }, '{"9":"y","10":"x"}'],
  ])('%j', (value, text) => expect(canonicalJson(value)).toBe(text));

  it('loses no key, whatever its name', () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":2}') as object;
    expect(JSON.parse(canonicalJson(hostile))).toEqual(hostile);
    expect(canonicalJson(hostile)).not.toBe(canonicalJson({ constructor: 2 }));
  });

  it('is the same text for equal values, in whatever order their keys were written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 300 },
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, reversed(child)] as const);
  return Object.fromEntries(entries.toReversed());
}
