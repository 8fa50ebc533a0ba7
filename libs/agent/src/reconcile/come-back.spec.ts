import { describe, expect, it } from 'vitest';
import { Fault, type Consequence } from '@flotilla/foundation';
import { comeBackMs } from './come-back.ts';
import type { DeliveryState } from './delivery-state.ts';

const random = { next: () => 0.5 };
const fault = (consequence: Consequence) => new Fault({ code: 'internal', reason: 'r', message: 'm', consequence });
const retry = fault({ kind: 'retry' });

function soon({
  state = { name: 'Settled' },
  fault: failed,
  attempts = 1,
}: {
  state?: DeliveryState;
  fault?: Fault;
  attempts?: number;
}): number {
  return comeBackMs({ state, fault: failed, attempts }, random);
}

describe('when a target is looked at again', () => {
  const rows: readonly { readonly what: string; readonly outcome: Parameters<typeof soon>[0]; readonly ms: number }[] =
    [
      { what: 'settled', outcome: {}, ms: 600_000 },
      { what: 'unlisted', outcome: { state: { name: 'Unlisted' } }, ms: 600_000 },
      { what: 'not well yet', outcome: { state: { name: 'Waiting' } }, ms: 750 },
      { what: 'not well for long', outcome: { state: { name: 'Waiting' }, attempts: 30 }, ms: 11_250 },
      { what: 'leaving', outcome: { state: { name: 'Leaving', intent: 'delete' } }, ms: 750 },
      { what: 'contested', outcome: { state: { name: 'Contested', contest: {} as never, forMs: 42_000 } }, ms: 42_000 },
      { what: 'failed once', outcome: { fault: retry }, ms: 375 },
      { what: 'failed a fifth time', outcome: { fault: retry, attempts: 5 }, ms: 6_000 },
      { what: 'failed for a day', outcome: { fault: retry, attempts: 9_999 }, ms: 90_000 },
      { what: 'told when to come back', outcome: { fault: fault({ kind: 'retry', afterMs: 7_000 }) }, ms: 7_000 },
      { what: 'waits for something', outcome: { fault: fault({ kind: 'wait', forWhat: 'a kind' }) }, ms: 5_000 },
      {
        what: 'waits for a person',
        outcome: { fault: fault({ kind: 'stall', until: 'mended' }), attempts: 50 },
        ms: 60_000,
      },
      {
        what: 'a fault outranks the state',
        outcome: { state: { name: 'Waiting' }, fault: fault({ kind: 'stall', until: 'x' }) },
        ms: 60_000,
      },
    ];
  it.each(rows)('$what: $ms ms', ({ outcome, ms }) => {
    expect(soon(outcome)).toBe(ms);
  });

  it('chance moves it a little, so that a fleet does not come back in one moment', () => {
    const spread = [0, 0.999].map((next) =>
      comeBackMs({ state: { name: 'Settled' }, fault: undefined, attempts: 0 }, { next: () => next }),
    );
    expect(spread).toEqual([480_000, 719_760]);
  });
});
