import { backoffMs, systemClock, systemRandom, toFault, type Running } from '@flotilla/foundation';
import { startChild, type Child, type ChildOptions } from '@flotilla/testing';

/** A process that is started again whenever it ends by itself. */
export interface Supervised extends Running {
  readonly name: string;
  readonly child: Child;
}

/** Told of what becomes of supervised processes. */
export interface Watcher {
  onStart(child: Child): void;
  onRestart(name: string, how: string): void;
}

/** Starts a process, and settles when it can serve. */
export type StartProcess = () => Promise<Child>;

const backoff = { baseMs: 300, maxMs: 10_000 };

/** Starts a process, which fails as starting it does, and starts it again whenever it ends by itself. */
export async function supervise(name: string, start: StartProcess, watcher: Watcher): Promise<Supervised> {
  const started = async () => {
    const child = await start();
    watcher.onStart(child);
    return child;
  };
  let child = await started();
  const leaving = new AbortController();
  const watch = async () => {
    let how = await child.exited;
    for (let restarts = 1; !leaving.signal.aborted; restarts++) {
      watcher.onRestart(name, how);
      await systemClock.sleep(backoffMs(Math.min(restarts, 6), backoff, systemRandom), leaving.signal);
      if (leaving.signal.aborted) return;
      try {
        child = await started();
        if (leaving.signal.aborted) return await child.stop();
        how = await child.exited;
      } catch (error) {
        how = toFault(error).message;
      }
    }
  };
  const watching = watch();
  return {
    name,
    get child() {
      return child;
    },
    stop: async () => {
      leaving.abort();
      await child.stop();
      await watching;
    },
  };
}

/** A process that can serve as soon as it runs; a terminal's Ctrl-C does not reach it. */
export function superviseProcess(options: ChildOptions, watcher: Watcher): Promise<Supervised> {
  return supervise(options.name, async () => startChild({ ...options, ownGroup: true }), watcher);
}
