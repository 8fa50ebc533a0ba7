import { backoffMs, systemClock, systemRandom, type Running } from '@flotilla/foundation';
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

const backoff = { baseMs: 300, maxMs: 10_000 };

export function supervise(options: ChildOptions, watcher: Watcher): Supervised {
  const start = () => {
    const started = startChild({ ...options, ownGroup: true });
    watcher.onStart(started);
    return started;
  };
  let child = start();
  let stopping = false;
  const watch = async () => {
    for (let restarts = 1; ; restarts++) {
      const how = await child.exited;
      if (stopping) return;
      watcher.onRestart(options.name, how);
      await systemClock.sleep(backoffMs(Math.min(restarts, 6), backoff, systemRandom));
      if (stopping) return;
      child = start();
    }
  };
  const watching = watch();
  return {
    name: options.name,
    get child() {
      return child;
    },
    stop: async () => {
      stopping = true;
      await child.stop();
      await Promise.race([watching, child.exited]);
    },
  };
}
