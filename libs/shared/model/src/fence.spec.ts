import { describe, expect, it } from 'vitest';
import { compareFences, fenceSchema, fenceText, noFence } from './fence.ts';

describe('a fence', () => {
  it.each([
    [[1, 5], [1, 4], 1],
    [[1, 5], [1, 5], 0],
    [[1, 5], [1, 6], -1],
    [[2, 0], [1, 999], 1],
    [[1, 999], [2, 0], -1],
    [[0, 0], [1, 0], -1],
  ] as const)('%j against %j', ([leftEpoch, left], [rightEpoch, right], sign) => {
    const order = compareFences({ epoch: leftEpoch, generation: left }, { epoch: rightEpoch, generation: right });
    expect(Math.sign(order)).toBe(sign);
  });

  it('is written as epoch and generation, and has no negative and no fraction', () => {
    expect(fenceText({ epoch: 2, generation: 17 })).toBe('2.17');
    expect(fenceSchema.parse(noFence)).toEqual(noFence);
    for (const generation of [-1, 0.5, 2 ** 31]) {
      expect(fenceSchema.safeParse({ epoch: 1, generation }).success).toBe(false);
    }
  });
});
