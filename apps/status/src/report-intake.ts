import { isNewerReport, type ReportHeard, type Statuses } from '@flotilla/control-fleet';
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
  /** Of each cluster whose reports wait, the newest: it holds all that an older one held. */
  readonly #newest = new Map<string, ReportHeard>();

  constructor(options: ReportIntakeOptions) {
    this.#options = options;
    // A short window: it costs a report five milliseconds. In a storm many more of them share one transaction; an agent
    // that has much to say waits for its receipt, and says all that it learned meanwhile at once.
    this.#batch = new Batch({
      clock: options.clock,
      windowMs: 5,
      stormWindowMs: 60,
      itemsMax: 500,
      flush: (reports) => this.#store(this.#withoutRepeated(reports)),
    });
  }

  async heard(report: ReportHeard): Promise<void> {
    const begun = performance.now();
    if (!this.#isRepeated(report)) this.#newest.set(report.cluster, report);
    const told = this.#batch.add(report).then(() => receipted((performance.now() - begun) / 1_000, {}));
    await told.catch((error: unknown) => {
      // No receipt: the agent will say it again.
      this.#waitsNoMore(report);
      notStored({});
      this.#options.logger.warn({ cluster: report.cluster, error: toFault(error).message }, 'a report was not stored');
    });
  }

  /** An agent that waits for its receipt says all of it again: where we are slow, that must not be twice the work. */
  #withoutRepeated(reports: readonly ReportHeard[]): ReportHeard[] {
    const news = reports.filter((report) => !this.#isRepeated(report));
    for (const report of news) this.#waitsNoMore(report);
    return news;
  }

  #waitsNoMore(report: ReportHeard): void {
    if (this.#newest.get(report.cluster) === report) this.#newest.delete(report.cluster);
  }

  /** Whether a newer report of the same speaker waits. */
  #isRepeated(report: ReportHeard): boolean {
    const newest = this.#newest.get(report.cluster);
    return newest?.instance === report.instance && isNewerReport(newest, report);
  }

  async #store(reports: readonly ReportHeard[]): Promise<void> {
    if (reports.length === 0) return;
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
