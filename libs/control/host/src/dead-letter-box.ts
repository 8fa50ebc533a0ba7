import type { DeadLetterStore } from '@flotilla/control-store';
import { every, shortened, toFault, type Clock, type Fault, type Running } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';
import type { Poison } from '@flotilla/platform-bus/nest';
import { counter, metricList, type Logger } from '@flotilla/platform-telemetry';

const dropped = counter(metricList.messagesDropped);
const trimmed = counter(metricList.deadLettersTrimmed);

/** What is kept of one message. What is longer can be read in part and not be replayed. */
export const letterBytesMax = 64 * 1024;
/** So many different letters of one cluster, and of all, are put away a second; what comes besides is only counted. */
const clusterMax = 10;
const allMax = 200;
const writeMs = 1_000;
const messageCharactersMax = 300;
const stackCharactersMax = 800;

/** A line that broke is no poison: whoever said it says it again. */
const passing: ReadonlySet<Fault['code']> = new Set(['unavailable', 'too-many']);

type DeadMessage = Parameters<DeadLetterStore['keep']>[0][number];

export interface DeadLetterBoxOptions {
  readonly service: string;
  readonly letters: Pick<DeadLetterStore, 'keep'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Gathers what could not be handled and puts it away once a second. However much poison a cluster sends, it costs one
 * line of the log and one statement a second, and so much memory.
 */
export class DeadLetterBox implements Running {
  readonly #options: DeadLetterBoxOptions;
  readonly #writing: Running;
  #gathered = new Map<string, DeadMessage>();
  #byCluster = new Map<string, number>();

  constructor(options: DeadLetterBoxOptions) {
    this.#options = options;
    const { clock, logger } = options;
    this.#writing = every({
      clock,
      intervalMs: writeMs,
      run: () => this.#write(),
      onError: (error) => logger.warn({ error: toFault(error).message }, 'dead letters could not be put away'),
    });
  }

  put({ cluster, subject, data, fault }: Poison): void {
    const kind = subject.split('.').at(-1) ?? '';
    dropped({ kind, reason: fault.reason });
    if (!cluster || passing.has(fault.code)) return;
    const ofCluster = this.#byCluster.get(cluster) ?? 0;
    // Looked at before its digest is taken: that is the dear part of it.
    if (ofCluster >= clusterMax || this.#gathered.size >= allMax) return;
    const digest = sha256(data);
    const place = `${cluster}/${kind}/${digest}`;
    const same = this.#gathered.get(place);
    if (!same) this.#byCluster.set(cluster, ofCluster + 1);
    this.#gathered.set(
      place,
      same ? { ...same, count: same.count + 1 } : this.#letter({ cluster, kind, data, fault, digest }),
    );
  }

  async stop(): Promise<void> {
    await this.#writing.stop();
    await this.#write().catch(() => undefined);
  }

  #letter(poison: { cluster: string; kind: string; data: Uint8Array; fault: Fault; digest: string }): DeadMessage {
    const { cluster, kind, data, fault, digest } = poison;
    if (fault.code === 'internal') this.#surprised(cluster, kind, fault);
    return {
      cluster,
      service: this.#options.service,
      kind,
      data: data.slice(0, letterBytesMax),
      size: data.length,
      digest,
      reason: fault.reason,
      message: wordsOf(fault),
      count: 1,
    };
  }

  async #write(): Promise<void> {
    const letters = [...this.#gathered.values()];
    [this.#gathered, this.#byCluster] = [new Map(), new Map()];
    if (letters.length === 0) return;
    this.#tell(letters);
    const gone = await this.#options.letters.keep(letters);
    if (gone > 0) trimmed({}, gone);
  }

  #surprised(cluster: string, kind: string, { stack = '' }: Fault): void {
    const error = shortened(stack, stackCharactersMax);
    this.#options.logger.error({ cluster, kind, error }, 'a message failed in a way nobody expected');
  }

  #tell(letters: readonly DeadMessage[]): void {
    const first = new Map(letters.toReversed().map((letter) => [letter.cluster, letter]));
    for (const { cluster, kind, reason, message } of first.values()) {
      const count = letters.filter((letter) => letter.cluster === cluster).length;
      this.#options.logger.warn(
        { cluster, kind, reason, error: message, letters: count },
        'dropped messages of an agent',
      );
    }
  }
}

/** What was a surprise may quote anything: the log has it, and whoever may read the letter has the bytes. */
function wordsOf(fault: Fault): string {
  return fault.code === 'internal'
    ? 'its handler failed in a way nobody expected'
    : shortened(fault.message, messageCharactersMax);
}
