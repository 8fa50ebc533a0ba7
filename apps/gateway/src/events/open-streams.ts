import type { Tokens } from '@flotilla/control-access';
import { every, type Clock, type Running } from '@flotilla/foundation';

/** How often it is asked whether tokens are still good: what was taken away is gone within five seconds, reading included. */
const lookMs = 2_000;

/**
 * Streams that stand open, by the token that opened each. A request is refused as soon as its token has ended; a stream
 * was let in long ago, so it is ended from here. All of them are asked about at once, and nobody asks while none is open.
 */
export class OpenStreams {
  readonly #tokens: Pick<Tokens, 'good'>;
  readonly #clock: Clock;
  readonly #streams = new Map<AbortController, string>();
  #looking: Running | undefined;

  constructor(tokens: Pick<Tokens, 'good'>, clock: Clock) {
    this.#tokens = tokens;
    this.#clock = clock;
  }

  /** Aborts `leaving` when the token ends. To be closed when the stream is over. */
  open(hash: string, leaving: AbortController): void {
    this.#streams.set(leaving, hash);
    const run = () => this.#look();
    // A record that cannot be asked says nothing against anybody: it is asked again.
    this.#looking ??= every({ clock: this.#clock, intervalMs: lookMs, run, onError: () => undefined });
  }

  close(leaving: AbortController): void {
    this.#streams.delete(leaving);
    if (this.#streams.size > 0) return;
    void this.#looking?.stop();
    this.#looking = undefined;
  }

  async #look(): Promise<void> {
    const asked = [...this.#streams];
    const good = new Set(await this.#tokens.good([...new Set(this.#streams.values())], this.#clock.now()));
    for (const [leaving, hash] of asked) if (!good.has(hash)) leaving.abort();
  }
}
