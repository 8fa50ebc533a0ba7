import type { Hello, Report, UpKind } from '@flotilla/contracts';
import type { TestOrderKey } from '@flotilla/agent/testing';
import type { ReceivedOrder } from '@flotilla/agent';
import { Hearing, lostAfterMs, type Liveness } from '@flotilla/control-fleet';
import {
  catchUp,
  planApplication,
  sendSet,
  type PromotionRecord,
  type RollbackRecord,
  type SendPorts,
  type SetContent,
} from '@flotilla/control-delivery';
import { runWork } from '@flotilla/control-store/testing';
import { every, isoTime, type Clock, type Ids, type Random } from '@flotilla/foundation';
import type { Mortal } from '../mortal.ts';
import type { Database } from './database.ts';

export interface ControlPlaneOptions {
  readonly database: Database;
  readonly process: Mortal;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly key: TestOrderKey;
  /** Whether the broker can be reached. */
  readonly isConnected: () => boolean;
  /** Puts an order on the subject of its cluster. */
  readonly publish: (cluster: string, order: ReceivedOrder) => void;
  /** It was not heard, or not stored, and that by no fault of the cluster. */
  readonly onDeaf: (cluster: string) => void;
  readonly onLost: (clusters: readonly string[], decidedAt: number) => void;
}

const sweepMs = 2_000;
const rolloutLookMs = 30_000;

/**
 * One process of the control plane: the decisions of `delivery` and `status` over a database that outlives it. It works
 * off the work table, hears what agents say, and may die at any call of a port.
 */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #ports: SendPorts;
  readonly #database: Pick<Database, 'storeReport'>;
  readonly #liveness: Liveness;
  readonly #clock: Clock;
  readonly #hearing: Hearing;

  constructor(options: ControlPlaneOptions) {
    const { process, database, clock } = options;
    this.#options = options;
    this.#clock = process.clock(clock);
    this.#hearing = new Hearing(this.#clock);
    this.#database = process.port(database.reached(database));
    this.#liveness = process.port(database.reached(database.liveness));
    const sender = process.port({
      send: async (content: SetContent) => this.#tell(content.cluster, 'set', setBody(content)),
    });
    this.#ports = { record: process.port(database.reached(database.deliveries)), sender };
  }

  get record(): SendPorts['record'] {
    return this.#ports.record;
  }

  get promotions(): PromotionRecord {
    const { process, database } = this.#options;
    return process.port<PromotionRecord>(database.reached(database.deliveries));
  }

  get rollbacks(): RollbackRecord {
    const { process, database } = this.#options;
    return process.port<RollbackRecord>(database.reached(database.deliveries.rollbacks));
  }

  get ids(): Ids {
    return this.#options.ids;
  }

  start(): void {
    const { random, process, database } = this.#options;
    runWork({
      queue: process.port(database.reached(database.work)),
      handlers: this.#handlers(),
      clock: this.#clock,
      random,
      sweepMs,
      onFault: () => undefined,
      onError: () => undefined,
    });
    every({ clock: this.#clock, intervalMs: 1_000, run: () => this.#judgeSilence(), onError: () => undefined });
  }

  heard(cluster: string, kind: UpKind, message: object): void {
    const { process, isConnected, onDeaf } = this.#options;
    if (process.dead || process.isStill || !isConnected()) onDeaf(cluster);
    if (!isConnected()) return;
    process.hear(() => {
      const hearing =
        kind === 'hello' ? this.#heardHello(cluster, message as Hello) : this.#heardReport(cluster, message as Report);
      hearing.catch(() => undefined);
    });
  }

  #handlers() {
    const { ids } = this.#options;
    const { record } = this.#ports;
    const look = { runningMax: 2, timeLimitMs: 60_000 };
    return {
      plan: { ...look, handle: async ({ key }: Keyed) => (await planApplication({ record, ids }, key))?.nextLookMs },
      set: { ...look, handle: async ({ key }: Keyed) => void (await sendSet(this.#ports, key)) },
      rollout: { ...look, handle: ({ key }: Keyed) => this.#settleRollout(key) },
    };
  }

  async #settleRollout(rollout: string): Promise<number | undefined> {
    const progress = await this.#ports.record.settleRollout(rollout);
    // A report marks only rollouts in waves here, so one that has no targets yet is looked at again as well.
    const isOver = !progress || (progress.total > 0 && progress.arrived === progress.total);
    if (isOver) return progress?.lookAgainMs;
    return Math.min(rolloutLookMs, progress.lookAgainMs ?? rolloutLookMs);
  }

  async #heardHello(cluster: string, hello: Hello): Promise<void> {
    const caughtUp = catchUp(this.#ports, new Map([[cluster, hello.fence]])).catch(() => undefined);
    const { protocol, ...said } = hello;
    const heard = { ...said, cluster, protocol: protocol.newest, at: this.#clock.now() };
    try {
      const { astray } = await this.#liveness.heard([heard]);
      for (const uid of astray) this.#tell(uid, 'receipt', { number: 0, sendAll: true });
    } catch {
      this.#options.onDeaf(cluster);
      // What could not be stored was not heard.
      this.#hearing.lost();
    }
    await caughtUp;
  }

  async #heardReport(cluster: string, report: Report): Promise<void> {
    await this.#database.storeReport({ cluster, ...report });
    this.#tell(cluster, 'receipt', { number: report.number });
  }

  /** As the liveness watch of `status` does it: silence counts only while everything that is said can be heard. */
  async #judgeSilence(): Promise<void> {
    const { isConnected, onLost } = this.#options;
    this.#hearing.tick();
    if (!isConnected()) return this.#hearing.lost();
    try {
      await this.#liveness.listening('plane', this.#clock.now());
    } catch {
      return this.#hearing.lost();
    }
    this.#hearing.regained();
    if (!this.#hearing.canJudge) return;
    const decidedAt = this.#clock.now();
    onLost(await this.#liveness.lose(decidedAt - lostAfterMs), decidedAt);
  }

  #tell(cluster: string, kind: 'set' | 'receipt', body: object): void {
    const { key, publish, clock } = this.#options;
    publish(cluster, key.order(kind, { v: 1, at: isoTime(clock.now()), ...body }, cluster));
  }
}

interface Keyed {
  readonly key: string;
}

function setBody({ fence, ...change }: SetContent): object {
  return { ...fence, ...change };
}
