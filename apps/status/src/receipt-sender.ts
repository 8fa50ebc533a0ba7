import { protocol, subjects, type Receipt } from '@flotilla/contracts';
import { isoTime, type Clock } from '@flotilla/foundation';
import type { Bus } from '@flotilla/platform-bus';

/** Tells agents what is stored. A lost receipt makes an agent repeat itself, nothing more. */
export class ReceiptSender {
  readonly #bus: Bus;
  readonly #clock: Clock;

  constructor(bus: Bus, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
  }

  stored(cluster: string, number: number): void {
    this.#send(cluster, { number });
  }

  /** What is stored is not what the agent believes is stored: it shall say everything again. */
  askForAll(cluster: string): void {
    this.#send(cluster, { number: 0, sendAll: true });
  }

  /** Another one speaks for the cluster: this instance shall change nothing, as long as it is told so. */
  standAside(cluster: string, instance: string, why: string): void {
    this.#send(cluster, { number: 0, standAside: { instance, why } });
  }

  #send(cluster: string, receipt: Omit<Receipt, 'v' | 'at'>): void {
    const message: Receipt = { v: protocol.version, at: isoTime(this.#clock.now()), ...receipt };
    if (this.#bus.connected) this.#bus.publish(subjects.down(cluster, 'receipt'), Buffer.from(JSON.stringify(message)));
  }
}
