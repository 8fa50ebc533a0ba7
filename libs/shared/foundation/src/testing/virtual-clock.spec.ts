import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

describe('virtual time', () => {
  it('wakes sleepers at their moments, in order, and lets what they start run before the next', async () => {
    const clock = new VirtualClock(0);
    const story: string[] = [];
    const sleeper = async (name: string, ms: number) => {
      await clock.sleep(ms);
      story.push(`${name} at ${clock.now()}`);
    };
    void sleeper('second', 20);
    void sleeper('first', 10).then(() => sleeper('nested', 5));
    void sleeper('also second', 20);
    await clock.advance(19);
    expect([story, clock.now()]).toEqual([['first at 10', 'nested at 15'], 19]);
    await clock.advance(1);
    expect(story.slice(2)).toEqual(['second at 20', 'also second at 20']);
  });

  it('lets go of a sleeper whose signal aborts', async () => {
    const clock = new VirtualClock(0);
    const stopping = new AbortController();
    const sleeping = clock.sleep(1_000, stopping.signal);
    stopping.abort();
    await sleeping;
    await clock.sleep(1_000, stopping.signal);
    expect(clock.now()).toBe(0);
  });
});
