import { describe, expect, it } from 'vitest';
import { isoTime, systemClock } from './clock.ts';

describe('the clock of the system', () => {
  it('wakes a sleeper when the signal aborts, before and while it sleeps', async () => {
    const stopping = new AbortController();
    const sleeping = systemClock.sleep(60_000, stopping.signal);
    stopping.abort();
    await sleeping;
    await systemClock.sleep(60_000, stopping.signal);
    expect(stopping.signal.aborted).toBe(true);
  });

  it('sleeps as long as it can when it is told to sleep longer than a timer lasts', async () => {
    const stopping = new AbortController();
    const woken = systemClock.sleep(Number.POSITIVE_INFINITY, stopping.signal).then(() => 'awake');
    const short = systemClock.sleep(20).then(() => 'the short one first');
    expect(await Promise.race([woken, short])).toBe('the short one first');
    stopping.abort();
    await woken;
  });

  it('writes times in one form', () => expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z'));
});
