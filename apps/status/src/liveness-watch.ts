import { Hearing, lostAfterMs, type HelloHeard, type Liveness } from '@flotilla/control-fleet';
import { Batch, every, toFault, type Running } from '@flotilla/foundation';
import type { Service } from '@flotilla/control-host';
import type { ReceiptSender } from './receipt-sender.ts';

export interface LivenessWatchOptions {
  readonly service: Service;
  readonly liveness: Liveness;
  readonly receipts: ReceiptSender;
}

/** Hears hellos, writes them in one statement a second, and says which clusters are lost, as long as it can hear. */
export class LivenessWatch implements Running {
  readonly #service: Service;
  readonly #liveness: Liveness;
  readonly #receipts: ReceiptSender;
  readonly #hearing: Hearing;
  readonly #batch: Batch<HelloHeard>;
  readonly #watch: Running;

  constructor({ service, liveness, receipts }: LivenessWatchOptions) {
    const { clock, logger } = service;
    this.#service = service;
    this.#liveness = liveness;
    this.#receipts = receipts;
    this.#hearing = new Hearing(clock);
    this.#batch = new Batch({ clock, windowMs: 1_000, itemsMax: 10_000, flush: (hellos) => this.#store(hellos) });
    const onError = (error: unknown) =>
      logger.warn({ error: toFault(error).message }, 'liveness cannot be judged right now');
    this.#watch = every({ clock, intervalMs: 1_000, run: () => this.#look(), onError });
  }

  async heard(hello: HelloHeard): Promise<void> {
    await this.#batch.add(hello).catch(() => {
      // What could not be stored was not heard: silence means nothing until it can be again.
      this.#hearing.lost();
    });
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  async #store(hellos: readonly HelloHeard[]): Promise<void> {
    const newest = new Map(hellos.map((hello) => [hello.cluster, hello]));
    const { connected, astray } = await this.#liveness.heard([...newest.values()]);
    if (connected.length > 0) this.#service.logger.info({ clusters: connected }, 'clusters are connected');
    for (const cluster of astray) this.#receipts.askForAll(cluster);
  }

  async #look(): Promise<void> {
    const { bus, clock, instance, logger } = this.#service;
    this.#hearing.tick();
    if (!bus.connected) return this.#hearing.lost();
    await this.#liveness.listening(instance, clock.now()).catch((error: unknown) => {
      this.#hearing.lost();
      throw error;
    });
    this.#hearing.regained();
    if (!this.#hearing.canJudge) return;
    const lost = await this.#liveness.lose(clock.now() - lostAfterMs);
    if (lost.length > 0) logger.warn({ clusters: lost }, 'clusters are no longer heard');
  }
}
