import { describe, expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

/** A queue whose handler tells what it does and, where the test holds a key, waits to be let go. */
function world(runningMax = 2, comesBackInMs: (key: string) => number | undefined = () => undefined) {
  const clock = new VirtualClock(0);
  const story: string[] = [];
  const held = new Map<string, () => void>();
  const hold = new Set<string>();
  const queue = new KeyedQueue({
    clock,
    runningMax,
    handle: async (key) => {
      story.push(`${clock.now()} ${key}`);
      if (hold.has(key)) await new Promise<void>((resolve) => held.set(key, resolve));
      if (key === 'bad') throw new Error('broken');
      return comesBackInMs(key);
    },
    onError: (key, error) => {
      story.push(`${key}: ${(error as Error).message}`);
      return 50;
    },
  });
  return { clock, story, queue, hold, letGo: (key: string) => held.get(key)!() };
}

describe('a queue of keys', () => {
  it('handles a key once, however often it was added', async () => {
    const { clock, story, queue } = world();
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
    expect(story).toEqual([]);
    await clock.advance(0);
    expect(story).toEqual(['0 a', '0 b']);
  });

  it('handles a key once more, and only once more, when it was added while it ran', async () => {
    const { clock, story, queue, hold, letGo } = world();
    hold.add('a');
    queue.add('a');
    await clock.advance(0);
    for (let more = 0; more < 3; more++) queue.add('a');
    await clock.advance(100);
    expect(story).toEqual(['0 a']);
    hold.clear();
    letGo('a');
    await clock.advance(1_000);
    expect(story).toEqual(['0 a', '100 a']);
  });

  it('runs as many at once as it may, and the next when a place is free', async () => {
    const { clock, story, queue, hold, letGo } = world(2);
    for (const key of ['a', 'b', 'c']) {
      hold.add(key);
      queue.add(key);
    }
    await clock.advance(10);
    expect(story).toEqual(['0 a', '0 b']);
    letGo('b');
    await clock.advance(0);
    expect(story).toEqual(['0 a', '0 b', '10 c']);
  });

  it('waits until a key is due, and takes the earlier of two times', async () => {
    const { clock, story, queue } = world();
    queue.add('late', 500);
    queue.add('sooner', 500);
    queue.add('sooner', 100);
    queue.add('sooner', 900);
    await clock.advance(99);
    expect(story).toEqual([]);
    await clock.advance(2_000);
    expect(story).toEqual(['100 sooner', '500 late']);
  });

  it('brings a key back when its handler says so, and earlier when somebody adds it', async () => {
    const { clock, story, queue } = world(1, () => 100);
    queue.add('a');
    await clock.advance(150);
    queue.add('a');
    await clock.advance(100);
    expect(story).toEqual(['0 a', '100 a', '150 a', '250 a']);
  });

  it('brings a key back when it failed, and the others are not held up', async () => {
    const { clock, story, queue } = world(1);
    queue.add('bad');
    queue.add('good');
    await clock.advance(60);
    expect(story).toEqual(['0 bad', 'bad: broken', '0 good', '50 bad', 'bad: broken']);
  });

  it('is settled when nothing runs and nothing is due, whatever waits for later', async () => {
    const { clock, queue, hold, letGo } = world(1);
    await queue.settled();
    hold.add('a');
    queue.add('a');
    queue.add('later', 10_000);
    let settled = false;
    void queue.settled().then(() => (settled = true));
    await clock.advance(10);
    expect(settled).toBe(false);
    letGo('a');
    await clock.advance(0);
    expect(settled).toBe(true);
  });

  it('stops after what runs, and takes nothing any more', async () => {
    const { clock, story, queue, hold, letGo } = world(1, () => 1);
    hold.add('a');
    queue.add('a');
    queue.add('b');
    await clock.advance(0);
    queue.add('a');
    let stopped = false;
    const stopping = queue.stop().then(() => (stopped = true));
    await clock.advance(10);
    expect(stopped).toBe(false);
    letGo('a');
    await stopping;
    queue.add('c');
    await clock.advance(1_000);
    expect(story).toEqual(['0 a']);
  });
});

describe('AT-37: keys that take long', () => {
  const tookMs = (key: string) => (key.startsWith('slow') ? 30_000 : 10);

  /** Twenty keys of thirty seconds each and one hundred quick ones, all of which come back every ten seconds. */
  async function runsOf(options: { readonly slow?: { afterMs: number; runningMax: number } }): Promise<number> {
    const clock = new VirtualClock(0);
    let quickRuns = 0;
    const queue = new KeyedQueue({
      clock,
      runningMax: 8,
      ...options,
      handle: async (key) => {
        await clock.sleep(tookMs(key));
        if (!key.startsWith('slow')) quickRuns++;
        return 10_000;
      },
      onError: () => 0,
    });
    for (let index = 0; index < 20; index++) queue.add(`slow-${index}`);
    for (let index = 0; index < 100; index++) queue.add(`quick-${index}`);
    await clock.advance(600_000);
    const stopping = queue.stop();
    await clock.advance(60_000);
    await stopping;
    return quickRuns;
  }

  it('leave places to the others, which keep their pace; without that they do not', async () => {
    const alone = 100 * 59;
    const [fair, unfair] = [await runsOf({ slow: { afterMs: 2_000, runningMax: 4 } }), await runsOf({})];
    expect([fair * 1.5 >= alone, unfair * 1.5 >= alone]).toEqual([true, false]);
  });
});
