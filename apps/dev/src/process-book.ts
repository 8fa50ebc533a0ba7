import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { systemClock } from '@flotilla/foundation';
import { until, type Child } from '@flotilla/testing';

/** A process by its id and its command line: an id alone may be somebody else's by now. */
export interface KnownProcess {
  readonly pid: number;
  readonly command: string;
}

const patienceMs = 8_000;

/**
 * The processes of one demo, written down as they start. A demo that is killed cannot stop what it started; the next one
 * in the same folder reads the book and does.
 */
export class ProcessBook {
  readonly #file: string;
  readonly #known: KnownProcess[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  add({ pid }: Child): void {
    const known = knownProcess(pid);
    if (!known) return;
    this.#known.push(known);
    // In one go and at once: whatever comes next may be the end of this process.
    writeFileSync(this.#file, JSON.stringify(this.#known));
  }

  /** Ends what an earlier demo left running; says how many there were. */
  async endLeftBehind(): Promise<number> {
    const left = this.#read().filter(isRunning);
    for (const { pid } of left) process.kill(pid, 'SIGINT');
    const deadline = systemClock.now() + patienceMs;
    while (left.some(isRunning) && systemClock.now() < deadline) await systemClock.sleep(50);
    left.filter(isRunning).forEach(({ pid }) => process.kill(pid, 'SIGKILL'));
    await until(() => !left.some(isRunning), { what: 'the processes of an earlier demo to end' });
    return left.length;
  }

  /** For a person who will not wait. */
  killAll(): void {
    this.#known.filter(isRunning).forEach(({ pid }) => process.kill(pid, 'SIGKILL'));
  }

  async close(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  #read(): KnownProcess[] {
    try {
      return existsSync(this.#file) ? (JSON.parse(readFileSync(this.#file, 'utf8')) as KnownProcess[]) : [];
    } catch {
      // Cut off while it was written: then the last process of that demo had just been started.
      return [];
    }
  }
}

export function knownProcess(pid: number): KnownProcess | undefined {
  const command = commandOf(pid);
  return command === undefined ? undefined : { pid, command };
}

export function isRunning({ pid, command }: KnownProcess): boolean {
  return commandOf(pid) === command;
}

/** The command line of a running process. Linux tells without any program; elsewhere `ps` is always there. */
function commandOf(pid: number): string | undefined {
  try {
    const text =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}
