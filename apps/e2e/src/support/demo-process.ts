import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, startChild, until, type Child } from '@flotilla/testing';

/** `npm run demo`, or another command of its room, as a process. */
export interface DemoProcess {
  readonly child: Child;
  /** Everything it has said so far. */
  output(): string;
  /** Waits until it says something that matches, and returns the match. */
  said(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
}

export interface DemoProcessOptions {
  /** Where its output is kept. */
  readonly directory: string;
  readonly args: readonly string[];
  readonly file?: string;
}

let started = 0;

export function startDemo({ directory, args, file = 'main.js' }: DemoProcessOptions): DemoProcess {
  const logFile = join(directory, `demo-${++started}.log`);
  const child = startChild({
    name: `demo ${args.join(' ')}`,
    command: process.execPath,
    args: ['--enable-source-maps', program('dev', file), ...args],
    logFile,
    // It has up to twenty processes to stop in order.
    graceMs: 40_000,
  });
  const output = () => readFileSync(logFile, 'utf8');
  const said = (pattern: RegExp, timeoutMs = 60_000) =>
    until(
      () => {
        const found = output().match(pattern);
        if (!found && !child.alive) throw new Error(`it ended and said:\n${output()}`);
        return found ?? undefined;
      },
      { what: `the demo to say ${pattern}`, timeoutMs },
    );
  return { child, output, said };
}
