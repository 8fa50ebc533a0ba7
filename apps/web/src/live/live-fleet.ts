import { FlotillaClient } from '@flotilla/client';
import type { StreamEvent } from '@flotilla/contracts';
import { backoffMs, every, Fault, toFault, type Clock, type Random, type Running } from '@flotilla/foundation';
import { FrameBatch } from './frame-batch.ts';
import type { NextFrame } from './frames.ts';
import { heardFetch } from './heard-fetch.ts';
import { liveKinds, nothingKnown, type LiveState } from './live-state.ts';
import { reduceLive, type LiveChange } from './reduce-live.ts';

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

/** The gateway says something every 15 s at least; three times that in silence is a dead line. */
const silenceMaxMs = 45_000;
const retry = { baseMs: 500, maxMs: 15_000 };

/**
 * Owns the one stream of the page: opens it, keeps what it tells, and opens it again when it ends, waiting longer each
 * time. What is known stays on the screen meanwhile, marked as stale.
 */
export class LiveFleet {
  readonly #options: LiveFleetOptions;
  readonly #listeners = new Set<() => void>();
  #state = nothingKnown;
  #heardAtMs = 0;

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
    const finished = this.#follow(leaving.signal);
    return {
      stop: () => {
        leaving.abort();
        return finished;
      },
    };
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { clock, random, onRefused } = this.#options;
    for (let attempt = 1; !signal.aborted; attempt++) {
      const fault = await this.#listen(signal);
      if (signal.aborted) return;
      if (this.#state.line.phase === 'live') attempt = 1;
      this.#change({ type: 'cut', heardAtMs: this.#heardAtMs || clock.now(), problem: fault.message });
      if (fault.code === 'unauthenticated') return onRefused();
      await clock.sleep(backoffMs(attempt, retry, random), signal);
    }
  }

  /** Listens to one stream until it ends, and says why it did. */
  async #listen(leaving: AbortSignal): Promise<Fault> {
    const line = new AbortController();
    const watching = this.#watchSilence(line);
    const batch = this.#batch(leaving);
    try {
      for await (const event of this.#open(AbortSignal.any([leaving, line.signal]))) batch.add(checked(event));
      return ended('the stream ended');
    } catch (thrown) {
      return toFault(line.signal.aborted ? line.signal.reason : thrown);
    } finally {
      // What was heard is told before the cut is.
      batch.flush();
      line.abort();
      void watching.stop();
    }
  }

  async *#open(signal: AbortSignal): AsyncGenerator<StreamEvent> {
    const { token, project, fetch, clock } = this.#options;
    const heard = heardFetch(fetch, () => (this.#heardAtMs = clock.now()));
    this.#change({ type: 'opened' });
    yield* new FlotillaClient({ server: '', token, fetch: heard }).stream(project, liveKinds, signal);
  }

  /** After leaving nothing is told any more: somebody may follow again already. */
  #batch(leaving: AbortSignal): FrameBatch<StreamEvent> {
    const flush = (events: readonly StreamEvent[]) => !leaving.aborted && this.#change({ type: 'told', events });
    return new FrameBatch({ nextFrame: this.#options.nextFrame, itemsMax: 20_000, flush });
  }

  #watchSilence(line: AbortController): Running {
    const { clock } = this.#options;
    const openedAtMs = clock.now();
    const look = async () => {
      const silentMs = clock.now() - Math.max(this.#heardAtMs, openedAtMs);
      if (silentMs > silenceMaxMs) line.abort(ended('nothing was heard for a while'));
    };
    return every({ clock, intervalMs: silenceMaxMs / 9, run: look, onError: () => undefined });
  }

  #change(change: LiveChange): void {
    this.#state = reduceLive(this.#state, change);
    for (const listener of this.#listeners) listener();
  }
}

function checked(event: StreamEvent): StreamEvent {
  if (event.type !== 'ERROR') return event;
  const { detail = 'the control plane could not go on' } = (event.object ?? {}) as { readonly detail?: string };
  throw ended(detail);
}

function ended(message: string): Fault {
  return new Fault({ code: 'unavailable', reason: 'StreamEnded', message });
}
