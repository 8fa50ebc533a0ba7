import { describe, expect, it } from 'vitest';
import { Fault, type Consequence } from '@flotilla/foundation';
import type { DesiredEntry } from '@flotilla/model';
import { defaultSync } from '../testing/factories.ts';
import { comeBackMs } from './come-back.ts';
import type { DeliveryState } from './delivery-state.ts';
import { retryOf } from './retry.ts';

const random = { next: () => 0.5 };
const fault = (consequence: Consequence) => new Fault({ code: 'internal', reason: 'r', message: 'm', consequence });
const retry = fault({ kind: 'retry' });

const withRetry = (written: NonNullable<DesiredEntry['sync']['retry']>) => ({ ...defaultSync, retry: written });
const own = withRetry({ limit: 5, backoff: { duration: '4s', factor: 3, maxDuration: '1m' } });
const hasty = withRetry({ backoff: { duration: '1ms', factor: 1 } });
const limited = withRetry({ limit: 1 });

function soon({
  state = { name: 'Settled' },
  fault: failed,
  attempts = 1,
  sync,
}: {
  state?: DeliveryState;
  fault?: Fault;
  attempts?: number;
  sync?: DesiredEntry['sync'];
}): number {
  return comeBackMs({ state, fault: failed, attempts, retry: retryOf(sync && { sync }) }, random);
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
      { what: 'more is to do', outcome: { state: { name: 'HooksOver', hooks: [] } }, ms: 750 },
      { what: 'blocked', outcome: { state: { name: 'Blocked', wait: {} as never, forMs: 60_000 } }, ms: 750 },
      { what: 'blocked until soon', outcome: { state: { name: 'Blocked', wait: {} as never, forMs: 20 } }, ms: 20 },
      { what: 'failed, with a pause of its own', outcome: { fault: retry, sync: own }, ms: 3_000 },
      { what: 'failed again, with its own', outcome: { fault: retry, sync: own, attempts: 3 }, ms: 27_000 },
      { what: 'failed more often than its limit', outcome: { fault: retry, sync: own, attempts: 6 }, ms: 60_000 },
      { what: 'failed, and asked for no pause', outcome: { fault: retry, sync: hasty }, ms: 750 },
      { what: 'failed, with a limit alone', outcome: { fault: retry, sync: limited, attempts: 2 }, ms: 180_000 },
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
      comeBackMs(
        { state: { name: 'Settled' }, fault: undefined, attempts: 0, retry: retryOf(undefined) },
        { next: () => next },
      ),
    );
    expect(spread).toEqual([480_000, 719_760]);
  });
});
