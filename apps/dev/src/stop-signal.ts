import { systemClock } from '@flotilla/foundation';

/** What a shell says of a program that Ctrl-C ended. */
export const interruptedCode = 130;

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One key press reaches this process several times over: from the terminal, and from npm, which passes it on. */
const samePressMs = 700;

/** Aborts at the first Ctrl-C, which ends everything in order; the second one does `atOnce` and waits for nothing. */
export function stopSignal(atOnce: () => void): AbortSignal {
  const stopping = new AbortController();
  let askedAt: number | undefined;
  const ask = () => {
    askedAt ??= systemClock.now();
    if (systemClock.now() - askedAt > samePressMs) {
      atOnce();
      process.exit(interruptedCode);
    }
    stopping.abort();
  };
  for (const name of stopSignals) process.on(name, ask);
  return stopping.signal;
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
