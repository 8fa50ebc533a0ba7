import type { ReportHeard, Statuses } from '@flotilla/control-fleet';
import { Batch, toFault } from '@flotilla/foundation';
import type { Service } from '@flotilla/control-host';
import { counter, inSpan } from '@flotilla/platform-telemetry';
import type { ReceiptSender } from './receipt-sender.ts';

const stored = counter('flotilla_reports_stored', 'Reports of agents that were stored');
const dropped = counter('flotilla_report_items_dropped', 'Report items that our own records contradict');

export interface ReportIntakeOptions extends Pick<Service, 'clock' | 'logger'> {
  readonly statuses: Statuses;
  readonly receipts: Pick<ReceiptSender, 'stored'>;
}

/** Stores reports in batches and receipts each one after its commit, never before. */
export class ReportIntake {
  readonly #options: ReportIntakeOptions;
  readonly #batch: Batch<ReportHeard>;

  constructor(options: ReportIntakeOptions) {
    this.#options = options;
    // A short window: it costs a report five milliseconds and lets a storm of them share one transaction.
    this.#batch = new Batch({
      clock: options.clock,
      windowMs: 5,
      itemsMax: 500,
      flush: (reports) => this.#store(reports),
    });
  }

  async heard(report: ReportHeard): Promise<void> {
    await this.#batch.add(report).catch((error: unknown) => {
      // No receipt: the agent will say it again.
      this.#options.logger.warn({ cluster: report.cluster, error: toFault(error).message }, 'a report was not stored');
    });
  }

  async #store(reports: readonly ReportHeard[]): Promise<void> {
    const { clock, logger, statuses, receipts } = this.#options;
    const traceparent = reports.find((report) => report.traceparent)?.traceparent;
    const result = await inSpan(
      'store reports',
      { kind: 'consumer', traceparent, attributes: { reports: reports.length } },
      () => statuses.store(reports, clock.now()),
    );
    stored({}, reports.length);
    if (result.dropped.length > 0) {
      dropped({}, result.dropped.length);
      logger.warn({ dropped: result.dropped.slice(0, 20) }, 'agents reported what was never asked of them');
    }
    for (const { cluster, number } of reports) receipts.stored(cluster, number);
  }
}
