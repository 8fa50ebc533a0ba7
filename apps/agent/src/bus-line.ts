import type { ControlLine, ReceivedOrder } from '@flotilla/agent';
import { downKinds, headerNames, subjects, type DownKind, type UpKind } from '@flotilla/contracts';
import type { Running } from '@flotilla/foundation';
import { connectBus, type Bus, type BusOptions } from '@flotilla/platform-bus';

/**
 * The line to the control plane over NATS. The agent does not wait for it: until it stands, and whenever it is cut,
 * nothing is sent and nothing is lost.
 */
export class BusLine implements ControlLine, Running {
  readonly #cluster: string;
  readonly #onLine: (connected: boolean) => void;
  #bus: Bus | undefined;
  #handler: ((order: ReceivedOrder) => void) | undefined;
  #stopped = false;

  constructor(cluster: string, onLine: (connected: boolean) => void) {
    this.#cluster = cluster;
    this.#onLine = onLine;
  }

  /** Dials for as long as it takes. */
  async open(options: Omit<BusOptions, 'onLine'>): Promise<void> {
    // The first word that the line stands is given below, when it can be used.
    const onLine = (connected: boolean) => void (this.#bus && this.#onLine(connected));
    const bus = await connectBus({ ...options, onLine });
    if (this.#stopped) return bus.stop();
    this.#bus = bus;
    bus.subscribe(subjects.downToOne(this.#cluster), {
      onMessage: ({ subject, data, headers }) => {
        const kind = subject.split('.').at(-1) as DownKind;
        if (!downKinds.includes(kind)) return;
        const [signature, traceparent] = [headers[headerNames.signature], headers[headerNames.traceparent]];
        this.#handler?.({ kind, subject, data, signature, traceparent });
      },
    });
    await bus.flush();
    this.#onLine(true);
  }

  get connected(): boolean {
    return this.#bus?.connected ?? false;
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
    this.#stopped = true;
    await this.#bus?.stop();
  }
}
