import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { systemClock, type Running } from '@flotilla/foundation';

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Run as this user; only root may ask for it. */
  readonly uid?: number;
  /** Output goes to the end of this file; without one it is thrown away. */
  readonly logFile?: string;
  /** How long `stop` waits before it kills. */
  readonly graceMs?: number;
  readonly stopSignal?: NodeJS.Signals;
  /** A terminal's Ctrl-C does not reach it: whoever started it stops it, in its own order. */
  readonly ownGroup?: boolean;
}

/** A process of ours, from its start to its end. */
export interface Child extends Running {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process is gone, with what it left: an exit code or a signal. */
  readonly exited: Promise<string>;
  readonly alive: boolean;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a process of ours, and stops exactly that one, by its id. */
export function startChild(options: ChildOptions): Child {
  const log = options.logFile ? openSync(options.logFile, 'a') : undefined;
  const child: ChildProcess = spawn(options.command, [...options.args], {
    env: options.env ?? process.env,
    stdio: ['ignore', log ?? 'ignore', log ?? 'ignore'],
    ...(options.cwd && { cwd: options.cwd }),
    ...(options.ownGroup && { detached: true }),
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
  });
  if (log !== undefined) closeSync(log);
  let alive = true;
  const exited = new Promise<string>((resolve) => {
    const gone = (what: string) => {
      alive = false;
      resolve(what);
    };
    child.once('exit', (code, signal) => gone(signal ?? `exit code ${code}`));
    child.once('error', (error) => gone(error.message));
  });
  return {
    name: options.name,
    pid: child.pid ?? -1,
    exited,
    get alive() {
      return alive;
    },
    kill: (signal) => void child.kill(signal),
    stop: async () => {
      if (!alive) return;
      child.kill(options.stopSignal ?? 'SIGTERM');
      const patience = new AbortController();
      const tooLong = systemClock.sleep(options.graceMs ?? 10_000, patience.signal).then(() => {
        if (!patience.signal.aborted) child.kill('SIGKILL');
      });
      await exited;
      patience.abort();
      await tooLong;
    },
  };
}
