import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, isSameJson } from './canonical.ts';

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

describe('the same JSON', () => {
  it('is what has the same canonical text, and nothing else', () => {
    const value = fc.jsonValue({ maxDepth: 3, depthSize: 'small' });
    const likely = fc.oneof(value, fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), value));
    fc.assert(
      fc.property(likely, likely, (left, right) => {
        expect(isSameJson(left, right)).toBe(canonicalJson(left) === canonicalJson(right));
        expect(isSameJson(reversed(left), left)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1, b: undefined }, { a: 1, c: 2 }, false],
    [{ b: undefined, a: 1 }, { b: 1, a: undefined }, false],
    [JSON.parse('{"__proto__":{}}'), { a: 1 }, false],
    [{ toString: 1 }, { a: 1 }, false],
    [[], {}, false],
    [null, {}, false],
    [[1, 2], [2, 1], false],
  ])('%j and %j: %s', (left: unknown, right: unknown, same) => {
    expect([isSameJson(left, right), isSameJson(right, left)]).toEqual([same, same]);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, reversed(child)] as const);
  return Object.fromEntries(entries.toReversed());
}
