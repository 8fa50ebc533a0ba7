import { systemClock } from '@flotilla/foundation';

const begun = systemClock.now();

/** Says on one line what is being done, and how long it took. */
export async function step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const isTerminal = process.stdout.isTTY;
  if (isTerminal) process.stdout.write(`  … ${what}`);
  const start = systemClock.now();
  try {
    const result = await work();
    process.stdout.write(`${isTerminal ? '\r' : ''}  ✓ ${what}  ${seconds(systemClock.now() - start)}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${isTerminal ? '\r' : ''}  ✗ ${what}  ${seconds(systemClock.now() - start)}\n`);
    throw error;
  }
}

export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

export function sinceStart(): string {
  return seconds(systemClock.now() - begun);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
