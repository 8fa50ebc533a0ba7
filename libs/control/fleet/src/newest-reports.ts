import type { ReportHeard } from './statuses.port.ts';

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
