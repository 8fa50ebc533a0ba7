import type { ControlLine, ReceivedOrder } from '@flotilla/agent';
import { downKinds, headerNames, subjects, type DownKind, type UpKind } from '@flotilla/contracts';
import { jittered, systemClock, systemRandom, type Running } from '@flotilla/foundation';
import { connectBus, isRefusal, type Bus, type BusOptions } from '@flotilla/platform-bus';

export type LineOptions = Omit<BusOptions, 'onLine' | 'onRefused' | 'waitsForBroker'>;

/**
 * The line to the control plane over NATS. The agent does not wait for it: until it stands, and whenever it is cut,
 * nothing is sent and nothing is lost.
 */
export class BusLine implements ControlLine, Running {
  readonly #cluster: string;
  readonly #onLine: (connected: boolean) => void;
  #bus: Bus | undefined;
  #handler: ((order: ReceivedOrder) => void) | undefined;
  #refused = false;
  /** Counts what was dialled for: whoever still dials for something older gives up. */
  #dialled = 0;

  constructor(cluster: string, onLine: (connected: boolean) => void) {
    this.#cluster = cluster;
    this.#onLine = onLine;
  }

  /**
   * Dials for as long as it takes. A line that stands already, under another identity, is kept until the new one stands:
   * what is said meanwhile comes twice rather than not at all.
   */
  async open(options: LineOptions): Promise<void> {
    const turn = ++this.#dialled;
    const before = this.#bus;
    const bus = await this.#dial(options, turn);
    if (!bus) return;
    this.#listen(bus);
    await bus.flush();
    if (turn !== this.#dialled) return bus.stop();
    this.#bus = bus;
    this.#refused = false;
    await before?.stop();
    this.#onLine(true);
  }

  get connected(): boolean {
    return this.#bus?.connected ?? false;
  }

  get refused(): boolean {
    return this.#refused;
  }

  send(kind: UpKind, message: object, traceparent?: string): boolean {
    if (!this.#bus?.connected) return false;
    const data = new TextEncoder().encode(JSON.stringify(message));
    try {
      const headers = traceparent ? { [headerNames.traceparent]: traceparent } : undefined;
      this.#bus.publish(subjects.up(this.#cluster, kind), data, headers);
      return true;
    } catch {
      // Cut off between the question and the word: nothing was sent, and whoever sends repeats himself.
      return false;
    }
  }

  receive(handler: (order: ReceivedOrder) => void): void {
    this.#handler = handler;
  }

  async stop(): Promise<void> {
    this.#dialled++;
    await this.#bus?.stop();
  }

  async #dial(options: LineOptions, turn: number): Promise<Bus | undefined> {
    // The first word that a line stands is given when it can be used.
    let bus: Bus | undefined;
    const isOurs = () => bus !== undefined && bus === this.#bus;
    const onLine = (connected: boolean) => {
      if (!isOurs()) return;
      if (connected) this.#refused = false;
      this.#onLine(connected);
    };
    const onRefused = () => void (isOurs() && (this.#refused = true));
    while (turn === this.#dialled) {
      try {
        bus = await connectBus({ ...options, onLine, onRefused, waitsForBroker: false });
        if (turn === this.#dialled) return bus;
        await bus.stop();
      } catch (error) {
        // An old line that stands says more of the identity than a new one that does not.
        if (!this.connected) this.#refused = isRefusal(error);
        options.onError?.(error);
        await systemClock.sleep(jittered(dialMs, 0.5, systemRandom));
      }
    }
    return undefined;
  }

  #listen(bus: Bus): void {
    bus.subscribe(subjects.downToOne(this.#cluster), {
      onMessage: ({ subject, data, headers }) => {
        const kind = subject.split('.').at(-1) as DownKind;
        if (!downKinds.includes(kind)) return;
        const [signature, traceparent] = [headers[headerNames.signature], headers[headerNames.traceparent]];
        this.#handler?.({ kind, subject, data, signature, traceparent });
      },
    });
  }
}

const dialMs = 2_000;
