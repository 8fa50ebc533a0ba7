import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { filterText } from './common.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

describe('AT-30: text that a list is narrowed by', () => {
  it.each([
    ['checkout', true],
    ["'; DROP TABLE target --", true],
    ['sixty', false],
    ['\0', false],
    ['a\0b', false],
  ])('%j: %s', (text, allowed) => {
    expect(filterText(text === 'sixty' ? 4 : 63).safeParse(text).success).toBe(allowed);
  });
});

it('AT-30: why somebody orders something is text that a record can keep, whatever they order', () => {
  const reasons = Object.entries<Operation>(operations).flatMap(([name, { body }]) => {
    const reason = body instanceof z.ZodObject ? body.shape['reason'] : undefined;
    return reason ? [[name, reason as z.ZodType] as const] : [];
  });
  const taken = (text: string) => reasons.flatMap(([name, schema]) => (schema.safeParse(text).success ? [name] : []));
  expect(reasons.length).toBeGreaterThan(8);
  expect(taken('größe 🎉, ticket 42')).toEqual(reasons.map(([name]) => name));
  expect([taken(''), taken('a\0b'), taken('half \ud83c')]).toEqual([[], [], []]);
});

it('a stream tells of each kind once, however often it was asked for', () => {
  const kinds = Array.from({ length: 1_000 }, () => 'target').join(',');
  expect(operations.stream.query!.parse({ kinds: `cluster,${kinds}` })).toEqual({ kinds: ['cluster', 'target'] });
});
