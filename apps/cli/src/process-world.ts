import { createInterface, type Interface } from 'node:readline';
import { addAbortSignal, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import { systemClock, systemIds, systemRandom } from '@flotilla/foundation';
import { exitCodes } from './exit-codes.ts';
import type { Input, Output, World } from './world.ts';

/** The world as this process has it. The first Ctrl-C ends in order, the second at once. */
export function processWorld(): World {
  const leaving = new AbortController();
  const leave = () => {
    if (leaving.signal.aborted) process.exit(exitCodes.interrupted);
    leaving.abort();
  };
  process.on('SIGINT', leave);
  process.on('SIGTERM', leave);
  return {
    environment: process.env,
    stdin: inputOf(process.stdin, { leave, signal: leaving.signal }),
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    fetch: globalThis.fetch,
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    signal: leaving.signal,
  };
}

/** Resolves when everything written so far has left this process: a pipe takes it bit by bit. */
export function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });
}

function outputOf(stream: WriteStream): Output {
  // Whoever read us may have seen enough (`| head`): that is their right, and no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.failure);
  });
  return {
    isTerminal: stream.isTTY ?? false,
    // Some terminals say that they have none.
    columns: stream.columns || undefined,
    write: (part) => void stream.write(part),
  };
}

interface Leaving {
  readonly leave: () => void;
  readonly signal: AbortSignal;
}

/** Whoever waits for input stops waiting when the person leaves. */
function inputOf(stream: NodeJS.ReadStream, { leave, signal }: Leaving): Input {
  return {
    isTerminal: stream.isTTY ?? false,
    text: () => text(addAbortSignal(signal, stream)),
    line: () => firstLine(createInterface({ input: stream, terminal: false }), signal),
    secret: () => {
      // A terminal shows what is typed unless somebody takes that over, and shows it nowhere.
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      const lines = createInterface({ input: stream, output: nowhere, terminal: true });
      // It takes over Ctrl-C as well.
      lines.on('SIGINT', leave);
      return firstLine(lines, signal);
    },
  };
}

async function firstLine(lines: Interface, signal: AbortSignal): Promise<string> {
  signal.addEventListener('abort', () => lines.close(), { once: true });
  try {
    for await (const line of lines) return line;
    signal.throwIfAborted();
    return '';
  } finally {
    lines.close();
  }
}
