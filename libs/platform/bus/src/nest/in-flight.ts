import { every, Fault, type Clock, type Running } from '@flotilla/foundation';

/** A report at its largest, several times over: an agent sends the next one when the last is receipted. */
const clusterBytesMax = 8 * 1024 * 1024;
const timeLimitMs = 30_000;
const lookMs = 1_000;

interface Handling {
  readonly cluster: string;
  readonly bytes: number;
  readonly overdueAt: number;
  readonly onOverdue: (fault: Fault) => void;
}

/**
 * The messages that handlers are at work on. One cluster gets only so many bytes of memory, whatever it sends, and a
 * handler that never ends is given up on, because what it holds would never come back.
 */
export class InFlight implements Running {
  readonly #clock: Clock;
  readonly #watch: Running;
  /** In the order in which they began, which is the order in which they are overdue. */
  readonly #handling = new Set<Handling>();
  readonly #bytes = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#watch = every({
      clock,
      intervalMs: lookMs,
      run: async () => this.#giveUp(),
      onError: () => undefined,
    });
  }

  /** Returns what to call at the end; throws when the cluster has too much under way already. */
  begin(cluster: string, bytes: number, onOverdue: (fault: Fault) => void): () => void {
    const held = this.#bytes.get(cluster) ?? 0;
    if (held > 0 && held + bytes > clusterBytesMax) throw tooMuch();
    const handling = { cluster, bytes, overdueAt: this.#clock.now() + timeLimitMs, onOverdue };
    this.#handling.add(handling);
    this.#bytes.set(cluster, held + bytes);
    return () => this.#end(handling);
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  #end(handling: Handling): void {
    if (!this.#handling.delete(handling)) return;
    const left = this.#bytes.get(handling.cluster)! - handling.bytes;
    if (left > 0) this.#bytes.set(handling.cluster, left);
    else this.#bytes.delete(handling.cluster);
  }

  #giveUp(): void {
    for (const handling of this.#handling) {
      if (handling.overdueAt > this.#clock.now()) return;
      this.#end(handling);
      handling.onOverdue(tooLong());
    }
  }
}

function tooMuch(): Fault {
  const message = `more than ${clusterBytesMax} bytes of this cluster are being handled already`;
  return new Fault({ code: 'too-many', reason: 'ClusterTooLoud', message });
}

function tooLong(): Fault {
  const message = `its handler did not end within ${timeLimitMs} ms`;
  return new Fault({ code: 'timeout', reason: 'HandlerTooLong', message });
}
