import { newestItems, type ReportHeard } from '@flotilla/control-fleet';
import { InMemoryDeliveryRecord, type OutsideFacts } from '@flotilla/control-delivery/testing';
import type { TargetStatus, WorkKind } from '@flotilla/model';

/** One thing that has to be looked at, and how often it was said: what is said while it is looked at stays to be done. */
export interface Work {
  readonly kind: WorkKind;
  readonly key: string;
  readonly version: number;
}

/** Everything that the control plane knows, in one place that outlives its processes. Each call is a transaction. */
export class Database {
  readonly deliveries: InMemoryDeliveryRecord;
  readonly statuses = new Map<string, TargetStatus>();
  readonly #work = new Map<string, Work>();
  readonly #lastReports = new Map<string, { readonly number: number; readonly statusDigest: string }>();
  readonly #applications: readonly string[];

  constructor(applications: readonly string[], outside: (application: string) => OutsideFacts) {
    this.#applications = applications;
    this.deliveries = new InMemoryDeliveryRecord({ outside, mark: (kind, keys) => this.mark(kind, keys) });
  }

  mark(kind: WorkKind, keys: readonly string[]): void {
    for (const key of keys) {
      const id = `${kind}/${key}`;
      this.#work.set(id, { kind, key, version: (this.#work.get(id)?.version ?? 0) + 1 });
    }
  }

  async waiting(): Promise<readonly Work[]> {
    return [...this.#work.values()];
  }

  /** Only the version that was seen is done. */
  async finish({ kind, key, version }: Work): Promise<void> {
    if (this.#work.get(`${kind}/${key}`)?.version === version) this.#work.delete(`${kind}/${key}`);
  }

  /** Stores a report unless a newer one was stored before, and marks the work that follows. */
  async storeReport(report: ReportHeard): Promise<void> {
    const { cluster, number, statusDigest, fence } = report;
    if (number <= (this.#lastReports.get(cluster)?.number ?? 0)) return;
    this.#lastReports.set(cluster, { number, statusDigest });
    const items = newestItems([report]).map(({ item }) => item);
    for (const item of items) this.statuses.set(item.target, item);
    this.deliveries.report(cluster, fence, items);
    if (items.some(({ gone }) => gone)) this.mark('plan', this.#applications);
  }

  /** Whether what an agent believes to be stored is what is stored. */
  async agrees(cluster: string, statusDigest: string): Promise<boolean> {
    return (this.#lastReports.get(cluster)?.statusDigest ?? '') === statusDigest;
  }
}
