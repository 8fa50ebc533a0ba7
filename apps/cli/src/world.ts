import type { Clock, Ids, Random } from '@flotilla/foundation';

export interface Output {
  /** A person looks at it: colours and progress are for these only. */
  readonly isTerminal: boolean;
  readonly columns?: number | undefined;
  write(text: string): void;
}

export interface Input {
  readonly isTerminal: boolean;
  /** Everything that is sent in, until its end. */
  text(): Promise<string>;
  /** What a person types until Enter; empty when there is nobody. */
  line(): Promise<string>;
  /** The same without showing it. */
  secret(): Promise<string>;
}

/** Everything outside this program that a command may touch, files aside. Tests bring their own. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: Input;
  /** Data. */
  readonly stdout: Output;
  /** Progress, notes and errors. */
  readonly stderr: Output;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  /** Aborts when a person presses Ctrl-C. */
  readonly signal: AbortSignal;
}
