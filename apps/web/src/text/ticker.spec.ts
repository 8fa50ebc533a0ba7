import { expect, it } from 'vitest';
import { VirtualClock } from '@flotilla/foundation/testing';
import { Ticker } from './ticker.ts';

it('beats for all who look, shows all of them the same now, and rests when nobody looks', async () => {
  const clock = new VirtualClock(0);
  const ticker = new Ticker({ clock, intervalMs: 1_000 });
  const beats: string[] = [];
  const stopFirst = ticker.subscribe(() => beats.push(`first ${ticker.nowMs}`));
  const stopSecond = ticker.subscribe(() => beats.push(`second ${ticker.nowMs}`));
  await clock.advance(1_500);
  const between = ticker.nowMs;
  stopFirst();
  await clock.advance(1_000);
  stopSecond();
  await clock.advance(5_000);
  expect({ beats, between, resting: ticker.nowMs }).toEqual({
    beats: ['first 0', 'first 1000', 'second 1000', 'second 2000'],
    between: 1_000,
    resting: 7_500,
  });
});
