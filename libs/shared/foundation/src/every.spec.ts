import { describe, expect, it } from 'vitest';
import { every } from './every.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

describe('a task that runs again and again', () => {
  it('pauses between two runs, and goes on after a failure', async () => {
    const clock = new VirtualClock(0);
    const story: string[] = [];
    const running = every({
      clock,
      intervalMs: 100,
      run: async () => {
        story.push(`run ${clock.now()}`);
        await clock.sleep(50);
        if (clock.now() === 50) throw new Error('failed');
      },
      onError: (error) => story.push((error as Error).message),
    });
    await clock.advance(350);
    expect(story).toEqual(['run 0', 'failed', 'run 150', 'run 300']);
    await running.stop();
  });

  it('is stopped only when its last run is over, and never runs again', async () => {
    const clock = new VirtualClock(0);
    let runs = 0;
    let aborted = false;
    const running = every({
      clock,
      intervalMs: () => 10,
      run: async (signal) => {
        runs++;
        await clock.sleep(100);
        aborted = signal.aborted;
      },
      onError: () => undefined,
    });
    await clock.advance(50);
    let stopped = false;
    const stopping = running.stop().then(() => (stopped = true));
    await clock.advance(0);
    expect(stopped).toBe(false);
    await clock.advance(1_000);
    await stopping;
    expect([runs, aborted]).toEqual([1, true]);
  });
});
