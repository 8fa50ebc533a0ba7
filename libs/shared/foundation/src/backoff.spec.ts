import { describe, expect, it } from 'vitest';
import { backoffMs, jittered } from './backoff.ts';
import { seededRandom, type Random } from './random.ts';

const lowest: Random = { next: () => 0 };
const highest: Random = { next: () => 0.999999 };

describe('waiting before another attempt', () => {
  const options = { baseMs: 100, maxMs: 1_000 };

  it.each([
    [1, 50, 100],
    [2, 100, 200],
    [3, 200, 400],
    [5, 500, 1_000],
    [1_000, 500, 1_000],
  ])('attempt %i waits between %i and %i ms', (attempt, least, most) => {
    expect([backoffMs(attempt, options, lowest), backoffMs(attempt, options, highest)]).toEqual([least, most]);
  });

  it('grows as fast as is asked', () => {
    const pauses = [1, 2, 3].map((attempt) => backoffMs(attempt, { baseMs: 100, maxMs: 5_000, factor: 3 }, highest));
    expect([...pauses, backoffMs(9, { baseMs: 100, maxMs: 5_000, factor: 1 }, highest)]).toEqual([100, 300, 900, 100]);
  });

  it.each([
    [lowest, 900],
    [highest, 1_100],
    [{ next: () => 0.5 }, 1_000],
  ])('moves a time by its share at most', (random, expected) => expect(jittered(1_000, 0.1, random)).toBe(expected));
});

describe('a seed', () => {
  it('repeats a run, and another seed does not', () => {
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(run(1).every((number) => number >= 0 && number < 1)).toBe(true);
  });
});

function run(seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 5 }, () => random.next());
}
