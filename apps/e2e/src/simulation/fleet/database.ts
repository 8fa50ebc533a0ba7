import { newestItems, type ReportHeard } from '@flotilla/control-fleet';
import { InMemoryLiveness } from '@flotilla/control-fleet/testing';
import type { DeliveryFacts, DeliveryPlan, FreezeFacts } from '@flotilla/control-delivery';
import { InMemoryDeliveryRecord, type OutsideFacts } from '@flotilla/control-delivery/testing';
import { InMemoryWorkTable } from '@flotilla/control-store/testing';
import { Fault, type Clock, type Random } from '@flotilla/foundation';
import type { TargetStatus, WorkKind } from '@flotilla/model';
import type { Troubles, Weather } from '../troubles.ts';

interface LastReport {
  readonly leaseTransitions: number;
  readonly number: number;
}

export interface DatabaseOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly troubles: Troubles;
  readonly applications: readonly string[];
  readonly clusters: readonly string[];
  readonly outside: (application: string) => OutsideFacts;
  /** What is frozen, as documents would say it. */
  readonly freezes: () => readonly FreezeFacts[];
  /** Told of each plan, as it is written. */
  readonly onPlan: (application: string, plan: DeliveryPlan, facts: DeliveryFacts) => void;
  /** Told of each rollout that came to its end. */
  readonly onFinish: (application: string, environment: string) => void;
}

/** Everything that the control plane knows, in one place that outlives its processes. Each call is a transaction. */
export class Database {
  weather: Weather = 'fair';
  /** Nobody reaches it. */
  away = false;
  readonly work: InMemoryWorkTable;
  readonly deliveries: InMemoryDeliveryRecord;
  readonly liveness = new InMemoryLiveness();
  readonly statuses = new Map<string, TargetStatus>();
  readonly #lastReports = new Map<string, LastReport>();
  readonly #options: DatabaseOptions;

  constructor(options: DatabaseOptions) {
    const { clock, clusters, outside, freezes } = options;
    this.#options = options;
    this.work = new InMemoryWorkTable(clock);
    const mark = (kind: WorkKind, keys: readonly string[]) => this.work.mark(kind, keys);
    const liveness = (cluster: string) => ({
      connection: this.liveness.isConnected(cluster) ? ('Connected' as const) : ('Lost' as const),
    });
    const now = () => new Date(clock.now());
    this.deliveries = new InMemoryDeliveryRecord({ outside, freezes, liveness, now, mark });
    const plan = this.deliveries.plan.bind(this.deliveries);
    this.deliveries.plan = async (application, decide) => {
      let read: DeliveryFacts | undefined;
      const planned = await plan(application, (facts) => decide((read = facts)));
      if (planned) options.onPlan(application, planned, read!);
      return planned;
    };
    const settle = this.deliveries.settleRollout.bind(this.deliveries);
    this.deliveries.settleRollout = async (rollout) => {
      const progress = await settle(rollout);
      const isOver = progress !== undefined && progress.total > 0 && progress.arrived === progress.total;
      if (isOver) options.onFinish(progress.application, progress.environment);
      return progress;
    };
    for (const cluster of clusters) this.liveness.clusters.set(cluster, '');
  }

  /** A part of it as a process reaches it over a line that breaks, before a commit or right after it. */
  reached<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => this.#transact(async () => method.apply(target, args) as unknown);
      },
    });
  }

  /** Stores a report unless a newer one was stored before, and marks the work that follows. */
  async storeReport(report: ReportHeard): Promise<void> {
    const { cluster, leaseTransitions, number, statusDigest, fence } = report;
    if (!isNewer(report, this.#lastReports.get(cluster))) return;
    this.#lastReports.set(cluster, { leaseTransitions, number });
    this.liveness.clusters.set(cluster, statusDigest);
    const items = newestItems([report]).map(({ item }) => item);
    const turned = items.some(
      ({ target, health }) => isDegraded(health) !== isDegraded(this.statuses.get(target)?.health),
    );
    for (const item of items) this.statuses.set(item.target, item);
    this.deliveries.report(cluster, fence, items);
    this.work.mark('rollout', this.deliveries.stagedRollouts);
    if (turned || items.some(({ gone }) => gone)) this.work.mark('plan', this.#options.applications);
  }

  async #transact(effect: () => Promise<unknown>): Promise<unknown> {
    const { clock, random, troubles } = this.#options;
    if (this.away) {
      troubles.happened('databaseAway');
      throw broken();
    }
    if (troubles.strikes('databaseSlow', this.weather)) await clock.sleep(random.next() * 3_000);
    if (troubles.strikes('transactionAborted', this.weather)) throw broken();
    const result = await effect();
    if (troubles.strikes('commitUnheard', this.weather)) throw broken();
    return result;
  }
}

function isDegraded(health: string | undefined): boolean {
  return health === 'Degraded';
}

/** The count of the Lease comes first: who holds it now has begun to number anew. */
function isNewer({ leaseTransitions, number }: LastReport, than: LastReport | undefined): boolean {
  if (!than) return true;
  if (leaseTransitions !== than.leaseTransitions) return leaseTransitions > than.leaseTransitions;
  return number > than.number;
}

function broken(): Fault {
  return new Fault({ code: 'unavailable', reason: 'DatabaseUnavailable', message: 'the connection broke' });
}
