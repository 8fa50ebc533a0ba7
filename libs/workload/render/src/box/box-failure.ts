import type { BoxLimits } from './box-limits.ts';

/**
 * Why there is no output. `TooSlow`: it was ended before it was done, and another time it may go well. `TooLarge`: the
 * output, or the memory that it took. `Unavailable`: this machine does not let us build the box, and nothing ran without it.
 */
export interface BoxFailure {
  readonly kind: 'Failed' | 'TooSlow' | 'TooLarge' | 'Unavailable' | 'Cancelled';
  readonly message: string;
}

/** How a program ended that did not end well. */
export interface Ending {
  /** What it wrote for people. */
  readonly said: string;
  readonly tooLarge: boolean;
  readonly killedBy: 'us' | 'others' | undefined;
  readonly limits: BoxLimits;
}

export const cancelled: BoxFailure = { kind: 'Cancelled', message: 'was ended, because nobody wants it any more' };

/** What a machine lacks, with the way out. */
export function unavailable(why: string): BoxFailure {
  const wayOut = 'rendering with a program needs user namespaces and util-linux on this machine';
  return { kind: 'Unavailable', message: `${why}; ${wayOut}` };
}

/** The reason behind an ending, as far as it shows in it. */
export function failureOf({ said, tooLarge, killedBy, limits }: Ending): BoxFailure {
  if (tooLarge) return { kind: 'TooLarge', message: `printed more than ${limits.outputBytes} bytes` };
  if (killedBy === 'us') return { kind: 'TooSlow', message: `was not done after ${limits.timeMs} ms` };
  if (killedBy === 'others' || lostByUnshare.test(said)) return { kind: 'TooSlow', message: killedMessage };
  if (said.startsWith('unshare: failed to execute')) return unavailable(`it cannot be started on its own (${said})`);
  if (/^(unshare|prlimit): /.test(said)) return unavailable(said);
  if (outOfMemory.test(said)) return { kind: 'TooLarge', message: `needed more than ${memoryText(limits)} of memory` };
  return { kind: 'Failed', message: said || 'ended with an error and said nothing' };
}

const killedMessage = 'was killed before it was done, as a machine does that runs out of memory';

/** The last word of `unshare` when its program was killed from outside; newer ones die of the same signal. */
const lostByUnshare = /(^|\n)unshare: sigprocmask unblock failed[^\n]*$/;

/** What programs in Go and in JavaScript say before they give up. */
const outOfMemory = /out of memory|(cannot|failed to) allocate memory/i;

function memoryText({ memoryBytes }: BoxLimits): string {
  return `${Math.round(memoryBytes / 1024 ** 2)} MiB`;
}
