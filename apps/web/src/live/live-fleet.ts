import { FlotillaClient, followChanges, type FollowEvent } from '@flotilla/client';
import { toFault, type Clock, type Fault, type Random, type Running } from '@flotilla/foundation';
import { FrameBatch } from './frame-batch.ts';
import type { NextFrame } from './frames.ts';
import { liveKinds, nothingKnown, type LiveState } from './live-state.ts';
import { reduceLive } from './reduce-live.ts';

export interface LiveFleetOptions {
  readonly token: string;
  readonly project: string;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly nextFrame: NextFrame;
  /** The token is not (or no longer) good; nothing is tried again. */
  readonly onRefused: () => void;
}

/**
 * The bridge from the one stream of the page to what is painted: it keeps what the stream tells, and says so once a
 * frame. While the line is cut, what is known stays on the screen, marked as stale.
 */
export class LiveFleet {
  readonly #options: LiveFleetOptions;
  readonly #listeners = new Set<() => void>();
  #state = nothingKnown;

  constructor(options: LiveFleetOptions) {
    this.#options = options;
  }

  get state(): LiveState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Follows the fleet until it is stopped. */
  follow(): Running {
    const leaving = new AbortController();
    const finished = this.#follow(leaving.signal).catch((thrown: unknown) => this.#giveUp(toFault(thrown)));
    return {
      stop: () => {
        leaving.abort();
        return finished;
      },
    };
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { token, project, fetch, clock, random } = this.#options;
    const client = new FlotillaClient({ server: '', token, fetch });
    const batch = this.#batch(signal);
    const options = { project, kinds: liveKinds, clock, random, signal, givesUp: isRefusal };
    for await (const event of followChanges(client, options)) batch.add(event);
  }

  /** After leaving nothing is told any more: somebody may follow again already. */
  #batch(leaving: AbortSignal): FrameBatch<FollowEvent> {
    const flush = (events: readonly FollowEvent[]) => !leaving.aborted && this.#tell(events);
    return new FrameBatch({ nextFrame: this.#options.nextFrame, itemsMax: 20_000, flush });
  }

  #giveUp(fault: Fault): void {
    if (isRefusal(fault)) return this.#options.onRefused();
    throw fault;
  }

  #tell(events: readonly FollowEvent[]): void {
    this.#state = reduceLive(this.#state, events);
    for (const listener of this.#listeners) listener();
  }
}

/** A page stays open for days: only a token that is no longer taken ends it, everything else may pass. */
function isRefusal({ code }: Fault): boolean {
  return code === 'unauthenticated';
}
