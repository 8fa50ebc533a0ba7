import { seededRandom, type Ids } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { run } from '../program/run.ts';
import type { Input, Output, World } from '../world.ts';

export interface InMemoryWorldOptions {
  readonly fetch?: typeof globalThis.fetch;
  readonly environment?: Readonly<Record<string, string>>;
  /** What is sent in, or what a person types when there is a terminal. */
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly columns?: number;
}

/** What one call of the program left behind. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

class RecordedOutput implements Output {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  text = '';

  constructor({ terminal = false, columns }: InMemoryWorldOptions) {
    this.isTerminal = terminal;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }
}

/** A world without a process: what is written is kept, time moves when it is told to, and Ctrl-C is a method. */
export class InMemoryWorld implements World {
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: Input;
  readonly stdout: RecordedOutput;
  readonly stderr: RecordedOutput;
  readonly fetch: typeof globalThis.fetch;
  readonly clock = new VirtualClock();
  readonly random = seededRandom(1);
  readonly ids: Ids = countingIds();
  readonly #leaving = new AbortController();

  constructor(options: InMemoryWorldOptions = {}) {
    const { stdin = '', terminal = false, environment = {}, fetch = nobodyAnswers } = options;
    this.environment = { FLOTILLA_CONFIG: '/nonexistent/flotilla.json', ...environment };
    const sent = async () => stdin;
    this.stdin = { isTerminal: terminal, text: sent, line: sent, secret: sent };
    this.stdout = new RecordedOutput(options);
    this.stderr = new RecordedOutput(options);
    this.fetch = fetch;
  }

  get signal(): AbortSignal {
    return this.#leaving.signal;
  }

  interrupt(): void {
    this.#leaving.abort();
  }

  /** Types a command line and waits for its end. */
  async run(...args: readonly string[]): Promise<Outcome> {
    const code = await run(args, this);
    return { code, out: this.stdout.text, err: this.stderr.text };
  }
}

function countingIds(): Ids {
  let count = 0;
  return { next: () => `id${++count}` };
}

const nobodyAnswers: typeof globalThis.fetch = async (input) => {
  throw new Error(`nobody should have asked for ${input instanceof Request ? input.url : input.toString()}`);
};
