import type { ReportHeard, Statuses } from '@flotilla/control-fleet';
import { Batch, toFault } from '@flotilla/foundation';
import type { Service } from '@flotilla/control-host';
import { counter, histogram, inSpan, metricList } from '@flotilla/platform-telemetry';
import type { ReceiptSender } from './receipt-sender.ts';

const stored = counter(metricList.reportsStored);
const notStored = counter(metricList.reportsNotStored);
const dropped = counter(metricList.reportItemsDropped);
const disbelieved = counter(metricList.reportsDisbelieved);
const committed = histogram(metricList.reportBatchDuration);
const receipted = histogram(metricList.receiptDelay);

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
    // A short window: it costs a report five milliseconds, and in a storm many more of them share one transaction.
    this.#batch = new Batch({
      clock: options.clock,
      windowMs: 5,
      stormWindowMs: 25,
      itemsMax: 500,
      flush: (reports) => this.#store(reports),
    });
  }

  async heard(report: ReportHeard): Promise<void> {
    const begun = performance.now();
    const told = this.#batch.add(report).then(() => receipted((performance.now() - begun) / 1_000, {}));
    await told.catch((error: unknown) => {
      // No receipt: the agent will say it again.
      notStored({});
      this.#options.logger.warn({ cluster: report.cluster, error: toFault(error).message }, 'a report was not stored');
    });
  }

  async #store(reports: readonly ReportHeard[]): Promise<void> {
    const { clock, logger, statuses, receipts } = this.#options;
    const traceparent = reports.find((report) => report.traceparent)?.traceparent;
    const begun = performance.now();
    const result = await inSpan(
      'store reports',
      { kind: 'consumer', traceparent, attributes: { reports: reports.length } },
      () => statuses.store(reports, clock.now()),
    );
    committed((performance.now() - begun) / 1_000, {});
    stored({}, reports.length - result.disbelieved.length);
    disbelieved({}, result.disbelieved.length);
    if (result.dropped.length > 0) {
      dropped({}, result.dropped.length);
      logger.warn({ dropped: result.dropped.slice(0, 20) }, 'agents reported what was never asked of them');
    }
    const believed = reports.filter((report) => !result.disbelieved.includes(report));
    for (const { cluster, number } of believed) receipts.stored(cluster, number);
  }
}
