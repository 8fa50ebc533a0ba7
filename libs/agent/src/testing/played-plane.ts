import type { Hello, Receipt, Report, UpKind } from '@flotilla/contracts';
import { isoTime, type Clock } from '@flotilla/foundation';
import { compareFences, noFence, type DesiredEntry, type Fence, type TargetStatus } from '@flotilla/model';
import { entryDigest, setDigest } from '@flotilla/model/node';
import type { ControlLine, ReceivedOrder } from '../ports/control-line.port.ts';
import { TestOrderKey } from './order-key.ts';

/** A control plane of one cluster, played by a test: it signs sets, stores reports, and can be silent. */
export class PlayedPlane implements ControlLine {
  connected = true;
  readonly statuses = new Map<string, TargetStatus>();
  readonly history: TargetStatus[] = [];
  readonly hellos: Hello[] = [];
  readonly key = new TestOrderKey();
  readonly #clock: Clock;
  readonly #cluster: string;
  #handler: (order: ReceivedOrder) => void = () => undefined;
  #entries = new Map<string, DesiredEntry>();
  #fence: Fence = { epoch: 1, generation: 0 };

  constructor(clock: Clock, cluster = 'cluster1') {
    this.#clock = clock;
    this.#cluster = cluster;
  }

  send(kind: UpKind, message: object): boolean {
    if (!this.connected) return false;
    if (kind === 'hello') this.#heardHello(message as Hello);
    if (kind === 'report') this.#heardReport(message as Report);
    return true;
  }

  receive(handler: (order: ReceivedOrder) => void): void {
    this.#handler = handler;
  }

  /** Orders entries as the next generation and returns it. */
  order(...entries: readonly DesiredEntry[]): number {
    const generation = this.#fence.generation + 1;
    this.#fence = { ...this.#fence, generation };
    for (const entry of entries) this.#entries.set(entry.target, { ...entry, generation });
    this.repeat();
    return generation;
  }

  /** Drops entries from the set without a word about them, which must never delete anything. */
  unlist(...targets: readonly string[]): void {
    for (const target of targets) this.#entries.delete(target);
    this.#fence = { ...this.#fence, generation: this.#fence.generation + 1 };
    this.repeat();
  }

  /** Says the newest set, or says it again, as a broker may. */
  repeat(): void {
    if (!this.connected) return;
    const entries = [...this.#entries.values()];
    this.#tell('set', {
      cluster: this.#cluster,
      ...this.#fence,
      previous: noFence.generation,
      entries,
      setDigest: setDigest(entries.map(entryDigest)),
    });
  }

  /** Says anything at all, as whoever controls the broker might. */
  say(order: ReceivedOrder): void {
    this.#handler(order);
  }

  /** What the set says of a target now. */
  ordered(target: string): DesiredEntry | undefined {
    return this.#entries.get(target);
  }

  status(target: string): TargetStatus | undefined {
    return this.statuses.get(target);
  }

  #heardHello(hello: Hello): void {
    this.hellos.push(hello);
    if (compareFences(hello.fence, this.#fence) < 0 && this.#fence.generation > 0) this.repeat();
  }

  #heardReport({ number, items }: Report): void {
    for (const item of items) {
      this.statuses.set(item.target, item);
      this.history.push(item);
    }
    const receipt: Pick<Receipt, 'number'> = { number };
    queueMicrotask(() => this.#tell('receipt', receipt));
  }

  #tell(kind: 'set' | 'receipt', body: object): void {
    const message = { v: 1, at: isoTime(this.#clock.now()), ...body };
    this.#handler(this.key.order(kind, message, this.#cluster));
  }
}
