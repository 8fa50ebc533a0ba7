import type { Clock, Random } from '@flotilla/foundation';

/** What may happen to one message. All of it costs latency, never truth. */
export interface BrokerWeather {
  readonly lost: number;
  readonly doubled: number;
  /** Late by up to a minute: what was sent after it comes first. */
  readonly late: number;
}

export const calm: BrokerWeather = { lost: 0, doubled: 0, late: 0 };
export const stormy: BrokerWeather = { lost: 0.15, doubled: 0.15, late: 0.2 };

/** A broker that loses, doubles and reorders, and can be cut off from anybody. */
export class LossyBroker {
  weather: BrokerWeather = calm;
  /** Clusters that cannot reach it. */
  readonly cutOff = new Set<string>();
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Brings a message to or from a cluster, or does not. False when the sender can tell that it did not. */
  carry(cluster: string, deliver: () => void): boolean {
    if (this.cutOff.has(cluster)) return false;
    const { lost, doubled, late } = this.weather;
    const copies = this.#random.next() < doubled ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#random.next() < lost) continue;
      const delayMs = this.#random.next() < late ? this.#random.next() * 60_000 : this.#random.next() * 20;
      void this.#clock.sleep(delayMs).then(() => (this.cutOff.has(cluster) ? undefined : deliver()));
    }
    return true;
  }
}
