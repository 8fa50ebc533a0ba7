import { describe, expect, it } from 'vitest';
import { compareFences, fenceSchema, fenceText, isAhead, noFence, type HeldFence } from './fence.ts';

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

const held = (epoch: number, generation: number, setDigest?: string): HeldFence => ({ epoch, generation, setDigest });

describe('who holds what a record never issued is ahead', () => {
  const newest = { epoch: 2, generation: 10 };
  it.each([
    ['the newest set', held(2, 10, 'a'), 'a', false],
    ['an older set', held(2, 4, 'a'), 'a', false],
    ['a set above all', held(2, 11, 'a'), undefined, true],
    ['a set of an epoch that was never opened here', held(3, 1), undefined, true],
    ['another set under a number of ours', held(2, 4, 'b'), 'a', true],
    ['a set under a number of ours that was never sent', held(2, 9, 'b'), '', true],
    ['a number whose digest nobody knows any more', held(2, 4, 'b'), undefined, false],
    ['a number of ours, and no digest', held(2, 4), 'a', false],
    ['whatever was held before the epoch was opened', held(1, 99, 'b'), 'a', false],
    ['nothing', held(0, 0, 'b'), undefined, false],
  ])('%s', (_what, said, digest, ahead) => {
    expect(isAhead(said, { newest, digest })).toBe(ahead);
  });
});
