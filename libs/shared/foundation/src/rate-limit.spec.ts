import { beforeEach, describe, expect, it } from 'vitest';
import { RateLimit } from './rate-limit.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

let clock: VirtualClock;
let limit: RateLimit;
beforeEach(() => {
  clock = new VirtualClock(0);
  limit = new RateLimit({ clock, perSecond: 2, burst: 3, keysMax: 100 });
});

const takes = (key: string, times: number) => Array.from({ length: times }, () => limit.take(key));

describe('a limit', () => {
  it('lets a burst through, then says how long to wait, each key for itself', () => {
    expect([takes('a', 5), takes('b', 1)]).toEqual([[0, 0, 0, 500, 500], [0]]);
  });

  it('fills as time passes, and never above the burst', async () => {
    takes('a', 4);
    await clock.advance(500);
    expect(takes('a', 2)).toEqual([0, 500]);
    await clock.advance(3_600_000);
    expect(takes('a', 4)).toEqual([0, 0, 0, 500]);
  });

  it('AT-24: of a million guesses it lets through what its rate allows, within one part in a hundred', async () => {
    let passed = 0;
    for (let second = 0; second < 100; second++) {
      passed += takes('guesser', 10_000).filter((wait) => wait === 0).length;
      await clock.advance(1_000);
    }
    expect(passed).toBe(3 + 99 * 2);
  });

  it('remembers no more keys than it may, those that came last', () => {
    for (let key = 0; key < 100_000; key++) limit.take(`stranger ${key}`);
    takes('stranger 99999', 3);
    expect([limit.size, limit.take('stranger 99999')]).toEqual([100, 500]);
  });

  it('a clock that goes back takes nothing away', async () => {
    await clock.advance(10_000);
    takes('a', 2);
    clock.now = () => 0;
    expect(takes('a', 2)).toEqual([0, 500]);
  });
});
