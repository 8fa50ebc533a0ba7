import { expect, it } from 'vitest';
import { VirtualClock } from '@flotilla/foundation/testing';
import { AtMostEvery } from './at-most-every.ts';

function scene(takesMs: number) {
  const clock = new VirtualClock(0);
  const begunAt: number[] = [];
  const run = async () => {
    begunAt.push(clock.now());
    await clock.sleep(takesMs);
  };
  return { clock, begunAt, often: new AtMostEvery({ clock, intervalMs: 2_000, run }) };
}

it('what is asked for a hundred times in a second is done at once, and once more at the end of the interval', async () => {
  const { clock, begunAt, often } = scene(50);
  for (let tenth = 0; tenth < 10; tenth++) {
    for (let time = 0; time < 10; time++) often.ask();
    await clock.advance(100);
  }
  await clock.advance(9_000);
  often.ask();
  await clock.advance(10_000);
  expect(begunAt).toEqual([0, 2_000, 10_000]);
});

it('is never done twice at a time, and once more where the answer may be older than the question', async () => {
  const { clock, begunAt, often } = scene(5_000);
  often.ask();
  await clock.advance(4_000);
  often.ask();
  await clock.advance(20_000);
  expect(begunAt).toEqual([0, 5_000]);
});

it('is not done any more once nobody looks, whoever asks', async () => {
  const { clock, begunAt, often } = scene(50);
  often.ask();
  often.ask();
  often.stop();
  await clock.advance(10_000);
  often.ask();
  await clock.advance(10_000);
  expect(begunAt).toEqual([0]);
});
