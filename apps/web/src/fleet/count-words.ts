import type { CountsView } from '@flotilla/contracts';
import {
  healthStatuses,
  syncStatuses,
  worstHealth,
  worstSync,
  type HealthStatus,
  type SyncStatus,
} from '@flotilla/model';

/** How many targets have one status. */
export interface StatusCount<Status> {
  readonly status: Status;
  readonly number: number;
}

/** Many targets, judged by the worst of them. */
export function worstOf(counts: CountsView): { readonly sync: SyncStatus; readonly health: HealthStatus } {
  return {
    sync: worstSync(syncCounts(counts).map(({ status }) => status)),
    health: worstHealth(healthCounts(counts).map(({ status }) => status)),
  };
}

/** The sync statuses that at least one target has. */
export function syncCounts({ sync }: CountsView): readonly StatusCount<SyncStatus>[] {
  return present(syncStatuses, sync);
}

/** The health statuses that at least one target has, from best to worst. */
export function healthCounts({ health }: CountsView): readonly StatusCount<HealthStatus>[] {
  return present(healthStatuses, health);
}

/** What is not as it should be, in numbers: `2 OutOfSync`, `1 Degraded`. Nothing when all is well. */
export function troubles(counts: CountsView): readonly string[] {
  return [...syncCounts(counts), ...healthCounts(counts)]
    .filter(({ status }) => status !== 'Synced' && status !== 'Healthy')
    .map(({ status, number }) => `${number} ${status}`);
}

/** Many counts as one. */
export function totalOf(all: Iterable<CountsView>): CountsView {
  const sum = { total: 0, sync: {} as Record<string, number>, health: {} as Record<string, number> };
  for (const { total, sync, health } of all) {
    sum.total += total;
    for (const [status, number] of Object.entries(sync)) sum.sync[status] = (sum.sync[status] ?? 0) + number;
    for (const [status, number] of Object.entries(health)) sum.health[status] = (sum.health[status] ?? 0) + number;
  }
  return sum;
}

function present<Status extends string>(
  statuses: readonly Status[],
  numbers: Readonly<Record<string, number>>,
): readonly StatusCount<Status>[] {
  return statuses.flatMap((status) => (numbers[status] ? [{ status, number: numbers[status] }] : []));
}
