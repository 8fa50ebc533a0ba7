import { describe, expect, it } from 'vitest';
import { createIds } from './ids.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

describe('ids', () => {
  it('are safe as a NATS token, a Kubernetes name and a segment of a URL', () => {
    const ids = createIds();
    const made = new Set(Array.from({ length: 2_000 }, () => ids.next()));
    expect(made.size).toBe(2_000);
    for (const id of made) expect(id).toMatch(/^[a-z0-9]{16}$/);
  });

  it('that are made later sort later, to the second', async () => {
    const clock = new VirtualClock();
    const ids = createIds(clock);
    const made: string[] = [];
    for (let second = 0; second < 200; second++) {
      made.push(ids.next());
      await clock.advance(1_000);
    }
    expect(made.toSorted()).toEqual(made);
  });

  it('use all the chance that they are given', () => {
    const clock = new VirtualClock();
    const filled = (value: number) => createIds(clock, (bytes) => bytes.fill(value)).next();
    expect([filled(0).slice(7), filled(255).slice(7), filled(10).slice(7)]).toEqual([
      '000000000',
      'zzzzzzzzz',
      'aaaaaaaaa',
    ]);
  });
});
