import { digestOf } from '@flotilla/foundation/node';
import { intentOf, type DesiredEntry } from '@flotilla/model';
import type { BegunSync, TargetRecord } from '../keep/target-record.ts';
import type { DeliveryState } from './delivery-state.ts';
import { syncName } from './hook-standing.ts';
import type { TargetMemory } from './target-memory.ts';

/** States whose step changes what runs: with the first of them a sync begins. */
const begins = new Set<DeliveryState['name']>(['NamespaceDue', 'OutOfStep', 'HooksDue', 'Leaving']);

/** States in which no sync is under way any more. */
const ends = new Set<DeliveryState['name']>(['Settled', 'Waiting', 'Contested', 'SyncFailed', 'DepartureHeld']);

/** A sync lasts from the first write to the moment in which all is written and what is left over is gone, or it failed. */
export function startOfSync(
  { syncStartedAt }: TargetMemory,
  { name }: Pick<DeliveryState, 'name'>,
  now: number,
): number | undefined {
  if (begins.has(name)) return syncStartedAt ?? now;
  return ends.has(name) ? undefined : syncStartedAt;
}

/**
 * When the sync of this very entry began, where that is written down: an agent that is started anew lets it run on where
 * its windows do. A newer order begins anew.
 */
export function begunFor(entry: DesiredEntry | undefined, { begun }: TargetRecord): BegunSync | undefined {
  return entry && begun?.order === orderName(entry) ? begun : undefined;
}

/**
 * What is to be written down besides what comes next: that a sync begins which may outlast its window, or that it is over.
 * What only takes back a change by hand is through at once, and is not worth it.
 */
export function begunState(
  { entry, record }: TargetMemory,
  next: DeliveryState,
  isSyncing: boolean,
): DeliveryState | undefined {
  const mayOverrun = entry!.windows?.some(({ syncOverrun }) => syncOverrun) === true;
  const isKnown = begunFor(entry, record) !== undefined;
  if (mayOverrun && isSyncing && !isKnown && begins.has(next.name))
    return { name: 'Beginning', order: orderName(entry!) };
  return record.begun && ends.has(next.name) ? { name: 'SyncOver' } : undefined;
}

function orderName(entry: DesiredEntry): string {
  return digestOf([syncName(entry), intentOf(entry), entry.generation]).slice(0, 16);
}
