import type { Clock, Random } from '@flotilla/foundation';
import type { Troubles, Weather } from '../troubles.ts';

/** About as long as a run: most of what comes again does so while things still go wrong. */
const repeatedMaxMs = 600_000;

export interface LossyBrokerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly troubles: Troubles;
}

/** A broker that loses, doubles and reorders, and can be cut off from anybody. All of it costs latency, never truth. */
export class LossyBroker {
  weather: Weather = 'fair';
  /** Clusters that cannot reach it. */
  readonly cutOff = new Set<string>();
  /** The control plane cannot reach it: it neither hears nor is heard. */
  planeCut = false;
  readonly #options: LossyBrokerOptions;

  constructor(options: LossyBrokerOptions) {
    this.#options = options;
  }

  /** Brings a message to or from a cluster, or does not. False when the sender can tell that it did not. */
  carry(cluster: string, from: 'cluster' | 'plane', deliver: () => void): boolean {
    const { troubles } = this.#options;
    if (from === 'cluster' && this.#isCut(cluster)) return false;
    if (this.planeCut) troubles.happened('planeCut');
    if (from === 'plane' && this.planeCut) return false;
    const copies = troubles.strikes('messageDoubled', this.weather) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) this.#bring(cluster, deliver);
    return true;
  }

  /** The same order once more, much later than anybody expects it. */
  repeatLater(cluster: string, deliver: () => void): void {
    const { clock, random } = this.#options;
    void clock.sleep(random.next() * repeatedMaxMs).then(() => {
      if (this.#isCut(cluster)) return;
      this.#options.troubles.happened('orderRepeated');
      deliver();
    });
  }

  #bring(cluster: string, deliver: () => void): void {
    const { clock, random, troubles } = this.#options;
    if (troubles.strikes('messageLost', this.weather)) return;
    const isLate = troubles.strikes('messageLate', this.weather);
    const delayMs = random.next() * (isLate ? 60_000 : 20);
    void clock.sleep(delayMs).then(() => (this.#isCut(cluster) ? undefined : deliver()));
  }

  /** Nothing comes to a cluster that cannot reach it, and nothing from there. */
  #isCut(cluster: string): boolean {
    const isCut = this.cutOff.has(cluster);
    if (isCut) this.#options.troubles.happened('lineCut');
    return isCut;
  }
}
