import type { Hello, Report, UpKind } from '@flotilla/contracts';
import type { TestOrderKey } from '@flotilla/agent/testing';
import type { ReceivedOrder } from '@flotilla/agent';
import { catchUp, planApplication, sendSet, type SendPorts, type SetContent } from '@flotilla/control-delivery';
import { every, isoTime, type Clock, type Ids } from '@flotilla/foundation';
import type { Mortal } from '../mortal.ts';
import type { Database, Work } from './database.ts';

export interface ControlPlaneOptions {
  readonly database: Database;
  readonly process: Mortal;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly key: TestOrderKey;
  /** Puts an order on the subject of its cluster. */
  readonly publish: (cluster: string, order: ReceivedOrder) => void;
}

const sweepMs = 2_000;

/**
 * One process of the control plane: the decisions of `delivery` over a database that outlives it. It sweeps its work,
 * hears what agents say, and may die at any call of a port.
 */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #ports: SendPorts;
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(options: ControlPlaneOptions) {
    const { process, database, clock } = options;
    this.#options = options;
    this.#clock = process.clock(clock);
    this.#database = process.port(database);
    const sender = process.port({
      send: async (content: SetContent) => this.#tell(content.cluster, 'set', setBody(content)),
    });
    this.#ports = { record: process.port(database.deliveries), sender };
  }

  get record(): SendPorts['record'] {
    return this.#ports.record;
  }

  start(): void {
    every({
      clock: this.#clock,
      intervalMs: sweepMs,
      run: () => this.#sweep(),
      onError: () => undefined,
    });
  }

  heard(cluster: string, kind: UpKind, message: object): void {
    if (this.#options.process.dead) return;
    const hearing =
      kind === 'hello' ? this.#heardHello(cluster, message as Hello) : this.#heardReport(cluster, message as Report);
    hearing.catch(() => undefined);
  }

  async #sweep(): Promise<void> {
    for (const work of await this.#database.waiting()) {
      await this.#handle(work);
      await this.#database.finish(work);
    }
  }

  async #handle({ kind, key }: Work): Promise<void> {
    const { ids } = this.#options;
    if (kind === 'plan') await planApplication({ record: this.#ports.record, ids }, key);
    if (kind === 'set') await sendSet(this.#ports, key);
    if (kind === 'rollout') await this.#ports.record.settleRollout(key);
  }

  async #heardHello(cluster: string, { fence, statusDigest }: Hello): Promise<void> {
    await catchUp(this.#ports, new Map([[cluster, fence]]));
    if (!(await this.#database.agrees(cluster, statusDigest)))
      this.#tell(cluster, 'receipt', { number: 0, sendAll: true });
  }

  async #heardReport(cluster: string, report: Report): Promise<void> {
    await this.#database.storeReport({ cluster, ...report });
    this.#tell(cluster, 'receipt', { number: report.number });
  }

  #tell(cluster: string, kind: 'set' | 'receipt', body: object): void {
    const { key, publish, clock } = this.#options;
    publish(cluster, key.order(kind, { v: 1, at: isoTime(clock.now()), ...body }, cluster));
  }
}

function setBody({ fence, ...change }: SetContent): object {
  return { ...fence, ...change };
}
