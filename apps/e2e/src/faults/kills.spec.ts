import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MortalFleet } from '../support/mortal-fleet.ts';
import { startMortalFleet } from '../support/start-mortal-fleet.ts';
import { chooseKills } from './choose-kills.ts';
import { runKills } from './run-kills.ts';

let fleet: MortalFleet;

beforeAll(async () => {
  fleet = await startMortalFleet({ clusters: ['alpha', 'beta', 'gamma'] });
});
afterAll(() => fleet?.stop());

const seed = 3;

describe('AT-09, AT-38: anything is killed at any time', () => {
  it('the choice is the same for the same seed', () => {
    const first = () => chooseKills(seed, ['a', 'b', 'c']).take(20).toArray();
    expect(first()).toEqual(first());
    expect(new Set(first().map(({ part }) => part))).toEqual(new Set(['a', 'b', 'c']));
  });

  it(`every cluster runs the last commit, each order was carried out once, and no work is stuck (seed ${seed})`, async () => {
    const { wrong, kills, commits, orders } = await runKills(fleet, { seed, forMs: 15_000 });
    expect(wrong).toEqual([]);
    expect({ kills: kills > 5, commits: commits > 5, orders: orders > 0 }).toEqual({
      kills: true,
      commits: true,
      orders: true,
    });
  });
});
