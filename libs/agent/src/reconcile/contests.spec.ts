import { expect, it } from 'vitest';
import { configMapKey } from '../testing/factories.ts';
import { Contests } from './contests.ts';

const key = configMapKey('one');
const opponent = { manager: 'rival', field: '.data.a' };

/** How long the object is let be after each of these corrections, `everyMs` apart. */
function holds(count: number, everyMs: number): number[] {
  const contests = new Contests();
  return Array.from({ length: count }, (_, index) => {
    const now = index * everyMs;
    contests.takenBack(key, opponent, now);
    return (contests.holding(key, now)?.heldUntil ?? now) - now;
  });
}

it('twenty corrections in a row come at once; each after that waits twice as long, up to five minutes', () => {
  expect(holds(28, 1_000).slice(19)).toEqual([0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
});

it('who comes now and then is never held up', () => {
  expect(new Set(holds(100, 600_000))).toEqual(new Set([0]));
});

it('is of one object, names who it is, and ends when its time is over', () => {
  const contests = new Contests();
  for (let count = 0; count < 21; count++) contests.takenBack(key, opponent, 0);
  expect([
    contests.holding(key, 9_999),
    contests.holding(key, 10_000),
    contests.holding(configMapKey('two'), 0),
  ]).toEqual([expect.objectContaining({ key, opponent, count: 21 }), undefined, undefined]);
});
