import {
  Hearing,
  intruderText,
  lostAfterMs,
  type HelloHeard,
  type Intruder,
  type Liveness,
} from '@flotilla/control-fleet';
import type { Service } from '@flotilla/control-host';
import { Batch, every, toFault, type Running } from '@flotilla/foundation';
import { counter, gauge, metricList } from '@flotilla/platform-telemetry';
import type { ReceiptSender } from './receipt-sender.ts';

const hearing = gauge(metricList.hearing);
const silenced = counter(metricList.intrudersHeard);

export interface LivenessWatchOptions extends Pick<Service, 'clock' | 'instance' | 'logger'> {
  /** The line to the agents. */
  readonly bus: Pick<Service['bus'], 'connected'>;
  readonly liveness: Liveness;
  readonly receipts: Pick<ReceiptSender, 'askForAll' | 'standAside'>;
}

/**
 * Hears hellos, writes them in one statement a second, and says which clusters are lost, as long as it can hear. Each
 * replica hears all hellos itself and judges by that: what it did not get to hear is never held against a cluster.
 */
export class LivenessWatch implements Running {
  readonly #options: LivenessWatchOptions;
  readonly #hearing: Hearing;
  readonly #batch: Batch<HelloHeard>;
  readonly #watch: Running;
  /** What clusters that looked astray in their last hello said then. */
  readonly #doubted = new Map<string, string>();

  constructor(options: LivenessWatchOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#hearing = new Hearing(clock);
    this.#batch = new Batch({ clock, windowMs: 1_000, itemsMax: 10_000, flush: (hellos) => this.#store(hellos) });
    const onError = (error: unknown) =>
      logger.warn({ error: toFault(error).message }, 'liveness cannot be judged right now');
    const look = () => this.#look().finally(() => hearing.set(this.#hearing.canJudge ? 1 : 0, {}));
    this.#watch = every({ clock, intervalMs: 1_000, run: look, onError });
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
    const { liveness, logger, receipts } = this.#options;
    // Of each that speaks its newest word: two under one identity are told apart by who hears them all.
    const newest = new Map(hellos.map((hello) => [`${hello.cluster}/${hello.instance}`, hello]));
    const { connected, astray, intruders } = await liveness.heard([...newest.values()]);
    for (const intruder of intruders) this.#sendAside(intruder);
    if (connected.length > 0) logger.info({ clusters: connected }, 'clusters are connected');
    const silent = new Set(intruders.map(({ cluster, instance }) => `${cluster}/${instance}`));
    const speaking = [...newest].flatMap(([id, hello]) => (silent.has(id) ? [] : [hello]));
    for (const cluster of this.#reallyAstray(speaking, new Set(astray))) receipts.askForAll(cluster);
  }

  /**
   * A hello and a report may cross, and for a moment they do not agree: a commit to ten thousand clusters would make
   * hundreds of them say everything twice. Who says the same wrong thing in two hellos is wrong.
   */
  #reallyAstray(speaking: readonly HelloHeard[], astray: ReadonlySet<string>): string[] {
    const certain: string[] = [];
    for (const { cluster, statusDigest } of speaking) {
      if (!astray.has(cluster)) this.#doubted.delete(cluster);
      else if (this.#doubted.get(cluster) === statusDigest) certain.push(cluster);
      else this.#doubted.set(cluster, statusDigest);
    }
    return certain;
  }

  #sendAside({ cluster, instance, code }: Intruder): void {
    const { logger, receipts } = this.#options;
    silenced({ code });
    logger.warn({ cluster, instance, code }, 'an instance that does not speak for its cluster was told to stand aside');
    receipts.standAside(cluster, instance, intruderText(code, 'this cluster'));
  }

  async #look(): Promise<void> {
    const { bus, clock, instance, liveness, logger } = this.#options;
    this.#hearing.tick();
    if (!bus.connected) return this.#hearing.lost();
    await liveness.listening(instance, clock.now()).catch((error: unknown) => {
      this.#hearing.lost();
      throw error;
    });
    this.#hearing.regained();
    if (!this.#hearing.canJudge) return;
    const lost = await liveness.lose(clock.now() - lostAfterMs);
    if (lost.length > 0) logger.warn({ clusters: lost }, 'clusters are no longer heard');
  }
}
