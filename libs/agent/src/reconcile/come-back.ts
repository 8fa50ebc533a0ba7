import { backoffMs, jittered, type Fault, type Random } from '@flotilla/foundation';
import { retryMs, type Retry } from './retry.ts';
import type { DeliveryState } from './delivery-state.ts';

/** When nothing happens, every target is looked at again this often; a look at a settled target writes nothing. */
const resyncMs = 600_000;
/** A workload that is not well yet is asked about again this soon, and ever more slowly. */
const waiting = { baseMs: 1_000, maxMs: 15_000 };
const holding = { baseMs: 500, maxMs: 120_000 };
/** What waits for a person, or for another object, may be mended in the cluster without anybody telling us. */
const stalledMs = 60_000;
const waitForMs = 5_000;

/** The one place that turns what happened into "come back when". No answer ever means never. */
export function comeBackMs(
  outcome: { state: DeliveryState; fault: Fault | undefined; attempts: number; retry: Retry },
  random: Random,
): number {
  const { state, fault, attempts, retry } = outcome;
  if (fault) return jittered(afterFaultMs(fault, { attempts, retry }, random), 0.1, random);
  if (state.name === 'Contested') return state.forMs;
  // In the very moment in which the window opens, and not a while after it.
  if (state.name === 'Closed' && state.forMs !== undefined) return Math.min(state.forMs, resyncMs);
  if (state.name === 'Blocked') return Math.min(state.forMs, backoffMs(Math.max(1, attempts), waiting, random));
  // Who refuses or holds a deletion may do so for days.
  if (isHeldUp(state)) return backoffMs(Math.max(1, attempts), holding, random);
  if (state.name === 'Waiting' || state.name === 'Leaving' || isUnfinished(state))
    return backoffMs(Math.max(1, attempts), waiting, random);
  return jittered(resyncMs, 0.2, random);
}

function isHeldUp(state: DeliveryState): boolean {
  return (state.name === 'Waiting' || state.name === 'Leaving') && (state.pending?.length ?? 0) > 0;
}

function afterFaultMs(
  { consequence }: Fault,
  { attempts, retry }: { readonly attempts: number; readonly retry: Retry },
  random: Random,
): number {
  switch (consequence.kind) {
    case 'retry':
      return consequence.afterMs ?? retryMs(attempts, retry, random);
    case 'wait':
      return waitForMs;
    case 'stall':
      return stalledMs;
  }
}

const unfinished = new Set<DeliveryState['name']>([
  'Unrecorded',
  'Beginning',
  'SyncOver',
  'NamespaceLeft',
  'NamespaceDue',
  'OutOfStep',
  'HooksDue',
  'HooksOver',
  'HooksSpent',
  'Leftover',
  'Unsettled',
]);

/** There is more to do, and nothing stands in the way: a pass has an end, however much is left. */
function isUnfinished({ name }: DeliveryState): boolean {
  return unfinished.has(name);
}
