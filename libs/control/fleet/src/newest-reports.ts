import type { ReportHeard } from './statuses.port.ts';

/** What tells which of a cluster's reports came later. */
export type ReportPlace = Pick<ReportHeard, 'leaseTransitions' | 'number'>;

/** Whether a report came later than another one of its cluster: by who held the Lease, then by its number. */
export function isNewerReport(report: ReportPlace, than: ReportPlace | undefined): boolean {
  if (!than) return true;
  if (report.leaseTransitions !== than.leaseTransitions) return report.leaseTransitions > than.leaseTransitions;
  return report.number > than.number;
}

/**
 * One batch as it is to be stored: when a target is spoken of twice, the later word counts. Reports of one cluster
 * come in order, so the place in the list is the order.
 */
export function newestItems(
  reports: readonly ReportHeard[],
): { report: ReportHeard; item: ReportHeard['items'][number] }[] {
  const newest = new Map<string, { report: ReportHeard; item: ReportHeard['items'][number] }>();
  for (const report of reports) {
    for (const item of report.items) newest.set(`${report.cluster}/${item.target}`, { report, item });
  }
  return [...newest.values()];
}
