/** Time as a port: code that waits or stamps takes one of these, so that tests and the simulation own the time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts; it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The platform's longest timer; anything longer would fire at once. */
const sleepMaxMs = 2 ** 31 - 1;

/** The time of the platform, for everything but tests and the simulation. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      // oxlint-disable-next-line no-restricted-globals -- the one place where real time enters
      const timer = setTimeout(wake, Math.min(ms, sleepMaxMs));
      signal?.addEventListener('abort', wake, { once: true });
    }),
};

/** An ISO 8601 instant in UTC, the one form in which times cross a wire. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
