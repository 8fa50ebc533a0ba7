import type { Clock } from './clock.ts';

/** Something that runs until it is told to stop; `stop` resolves when its last piece of work is done. */
export interface Running {
  stop(): Promise<void>;
}

/** What to run, how often, and who hears of its failures. */
export interface EveryOptions {
  readonly clock: Clock;
  readonly intervalMs: number | (() => number);
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Told of each failure; the next round comes all the same. */
  readonly onError: (error: unknown) => void;
}

/** Runs a task again and again with a pause between two runs, never two at once. */
export function every(options: EveryOptions): Running {
  const { clock, intervalMs, run, onError } = options;
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await run(stopping.signal).catch(onError);
      await clock.sleep(typeof intervalMs === 'function' ? intervalMs() : intervalMs, stopping.signal);
    }
  };
  const finished = loop();
  return {
    stop: () => {
      stopping.abort();
      return finished;
    },
  };
}
