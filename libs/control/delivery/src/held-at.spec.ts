import { assert, property, shuffledSubarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TargetFacts } from './facts.ts';
import { heldAt } from './held-at.ts';
import { digestOfRelease, entryOfRelease, pinAt } from './testing/rollback-facts.ts';
import { targetFacts } from './testing/delivery-facts.ts';

/** Targets that run the third release, each held at the release of its number; 0 is held at nothing. */
function targetsAt(...numbers: readonly number[]): TargetFacts[] {
  return numbers.map((number, place) => {
    const entry = entryOfRelease(3, `t${place}`);
    return targetFacts(entry, `c${place}`, number === 0 ? {} : { pin: pinAt(number) });
  });
}

const heldOf = (targets: readonly TargetFacts[], refused: readonly number[], entered: string | undefined) =>
  heldAt({ environment: 'dev', entered, targets, refused: new Set(refused.map((each) => digestOfRelease(each))) })
    ?.content.sourceDigest;

describe('what an environment was taken back to', () => {
  it.each<[string, number[], number[], number | undefined]>([
    ['what most are held at', [1, 2, 2, 0], [3], 2],
    ['nothing while what entered last may still come to somebody', [1, 1], [], undefined],
    ['nothing while nobody is held', [0, 0], [3], undefined],
    ['nothing that enters nowhere either', [2, 2, 1], [3, 2], 1],
  ])('is %s', (_what, numbers, refused, expected) => {
    const held = heldOf(targetsAt(...numbers), refused, digestOfRelease(3));
    expect(held).toBe(expected && digestOfRelease(expected));
  });

  it('is nothing where nothing entered, or another environment is held', () => {
    const elsewhere = targetsAt(1).map((target) => ({ ...target, environment: 'production' }));
    expect([heldOf(targetsAt(1), [3], undefined), heldOf(elsewhere, [3], digestOfRelease(3))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('is the same in whatever order its targets are read', () => {
    const targets = targetsAt(1, 2, 1, 2, 0);
    const orders = shuffledSubarray(targets, { minLength: targets.length });
    assert(
      property(orders, (order) => {
        expect(heldOf(order, [3], digestOfRelease(3))).toBe(digestOfRelease(1));
      }),
    );
  });
});
