import { describe, expect, it } from 'vitest';
import { healthCounts, totalOf, troubles, worstOf } from './count-words.ts';

const well = { total: 2, sync: { Synced: 2 }, health: { Healthy: 2 } };
const mixed = { total: 5, sync: { Synced: 4, OutOfSync: 1 }, health: { Healthy: 2, Degraded: 1, Progressing: 2 } };

describe('targets in numbers', () => {
  it('are judged by the worst of them', () => {
    expect([well, mixed].map(worstOf)).toEqual([
      { sync: 'Synced', health: 'Healthy' },
      { sync: 'OutOfSync', health: 'Degraded' },
    ]);
  });

  it('name what is not as it should be, and nothing when all is well', () => {
    expect([well, mixed].map(troubles)).toEqual([[], ['1 OutOfSync', '2 Progressing', '1 Degraded']]);
  });

  it('leave out what nothing has, and what this page does not know', () => {
    const health = { Healthy: 1, Missing: 0, Sleepy: 4 };
    expect(healthCounts({ total: 5, sync: {}, health })).toEqual([{ status: 'Healthy', number: 1 }]);
  });

  it('can be added up', () => {
    expect(totalOf([well, mixed])).toEqual({
      total: 7,
      sync: { Synced: 6, OutOfSync: 1 },
      health: { Healthy: 4, Degraded: 1, Progressing: 2 },
    });
  });
});
