import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '@flotilla/foundation/testing';
import { Hearing, lostAfterMs } from './hearing.ts';

let clock: VirtualClock;
let hearing: Hearing;
beforeEach(() => {
  clock = new VirtualClock(0);
  hearing = new Hearing(clock);
});

/** Lets time pass while the process is well: it ticks every second. */
async function listen(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    await clock.advance(1_000);
    hearing.tick();
    hearing.regained();
  }
}

describe('silence means something only to whoever could hear', () => {
  it('not from the start, and not before it lasted as long as a cluster may be silent', async () => {
    expect([hearing.since, hearing.canJudge]).toEqual([undefined, false]);
    hearing.regained();
    await listen(lostAfterMs - 1_000);
    expect(hearing.canJudge).toBe(false);
    await listen(1_000);
    expect([hearing.since, hearing.canJudge]).toEqual([0, true]);
  });

  it.each([
    ['the line was cut', async () => hearing.lost()],
    ['the process stood still', async () => clock.advance(6_000).then(() => hearing.tick())],
  ])('not after %s, until it lasted again', async (_what, happens) => {
    hearing.regained();
    await listen(60_000);
    await happens();
    expect(hearing.canJudge).toBe(false);
    await listen(lostAfterMs - 1_000);
    expect(hearing.canJudge).toBe(false);
    await listen(2_000);
    expect(hearing.canJudge).toBe(true);
  });

  it('nor to one that stood still in the middle of a look, between its tick and its judgement', async () => {
    hearing.regained();
    await listen(60_000);
    hearing.tick();
    await clock.advance(56_000);
    expect(hearing.canJudge).toBe(false);
    await listen(lostAfterMs + 1_000);
    expect(hearing.canJudge).toBe(true);
  });

  it('a second that took a little longer is no standing still', async () => {
    hearing.regained();
    await listen(60_000);
    await clock.advance(5_000);
    hearing.tick();
    expect(hearing.canJudge).toBe(true);
  });

  it('standing still while deaf leaves it deaf', async () => {
    await clock.advance(60_000);
    hearing.tick();
    expect(hearing.since).toBeUndefined();
  });
});
