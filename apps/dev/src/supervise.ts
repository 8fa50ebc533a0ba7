import { backoffMs, systemClock, systemRandom, type Running } from '@flotilla/foundation';
import { startChild, type Child, type ChildOptions } from '@flotilla/testing';

/** A process that is started again whenever it ends by itself. */
export interface Supervised extends Running {
  readonly name: string;
  readonly child: Child;
}

const backoff = { baseMs: 300, maxMs: 10_000 };

export function supervise(options: ChildOptions, onRestart: (name: string, how: string) => void): Supervised {
  let child = startChild(options);
  let stopping = false;
  const watch = async () => {
    for (let restarts = 1; ; restarts++) {
      const how = await child.exited;
      if (stopping) return;
      onRestart(options.name, how);
      await systemClock.sleep(backoffMs(Math.min(restarts, 6), backoff, systemRandom));
      if (stopping) return;
      child = startChild(options);
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
