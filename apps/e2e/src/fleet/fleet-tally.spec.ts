import { expect, it } from 'vitest';
import { FleetTally, sumOf } from './fleet-tally.ts';

it('a fleet has the sums of its parts, the newest moments, the last refusal, and each revision once', () => {
  const [left, right] = [new FleetTally(), new FleetTally()];
  for (const tally of [left, right]) for (const name of names(tally.counts)) tally.counts[name] = 2;
  left.moments.lastReceiptAt = 7;
  right.moments.lastReceiptAt = 5;
  right.moments.lastStrangeAt = 9;
  left.refused('no');
  left.settled('one', 3);
  right.settled('one', 4);
  right.settled('other', 1);
  expect(sumOf([left.figures(), right.figures()])).toEqual({
    ...Object.fromEntries(names(left.counts).map((name) => [name, 4])),
    refusals: 5,
    lastReceiptAt: 7,
    lastStrangeAt: 9,
    lastRefusal: 'no',
    settled: { one: { targets: 2, lastAt: 4 }, other: { targets: 1, lastAt: 1 } },
  });
});

function names<Counts extends object>(counts: Counts): (keyof Counts)[] {
  return Object.keys(counts) as (keyof Counts)[];
}
