import type { StreamEvent } from '@flotilla/contracts';
import type { InMemoryWorld, Outcome } from './in-memory-world.ts';

/** Streams that a test plays one after another: each is cut when it has been told, and the last stays open. */
export class PlayedStreams {
  readonly #streams: (readonly StreamEvent[])[];
  readonly #opened = Promise.withResolvers<void>();
  #told = false;

  constructor(...streams: readonly (readonly StreamEvent[])[]) {
    this.#streams = [...streams];
  }

  /** The first stream was asked for: whatever the program had to read from disk has been read. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** Everything was told. */
  get told(): boolean {
    return this.#told;
  }

  async *open(): AsyncGenerator<StreamEvent> {
    this.#opened.resolve();
    yield* this.#streams.shift() ?? [];
    if (this.#streams.length > 0) return;
    this.#told = true;
    await new Promise(() => undefined);
  }
}

const secondsMax = 100;

/** Lets a running program take in everything that is told, however often its line is cut. */
export async function hearOut(world: InMemoryWorld, running: Promise<Outcome>, streams: PlayedStreams): Promise<void> {
  await Promise.race([running, streams.opened]);
  for (let second = 0; second < secondsMax && !streams.told; second++) await world.clock.advance(1_000);
  // What was told last is still on its way through the program.
  for (let turn = 0; turn < 10; turn++) await world.clock.advance(0);
}
