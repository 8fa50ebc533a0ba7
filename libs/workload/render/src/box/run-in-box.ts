import { spawn } from 'node:child_process';
import { done, refused, type Outcome } from '@flotilla/foundation';
import type { RenderFile } from '../render-file.ts';
import { makeBoxFolder, type BoxFolder } from './box-folder.ts';

/** A program to run on files and nothing else. */
export interface BoxJob {
  /** The full path of the program: the box has no PATH. */
  readonly program: string;
  /** A file is named by its path in the box. */
  readonly words: readonly string[];
  readonly files: readonly RenderFile[];
  /** Other files of this machine that the program cannot start without: its libraries, when it has any. */
  readonly libraries?: readonly string[];
  readonly limits?: BoxLimits;
  /** Ends the program, and all that it started, when nobody wants its output any more. */
  readonly signal?: AbortSignal | undefined;
}

/** What a program in the box may use up. */
export interface BoxLimits {
  readonly timeMs: number;
  readonly memoryBytes: number;
  readonly outputBytes: number;
}

/** Why there is no output. `TooLarge`: it, or the memory that it took. `Unavailable`: this machine does not let us build the box, and nothing ran without it. */
export interface BoxFailure {
  readonly kind: 'Failed' | 'TooSlow' | 'TooLarge' | 'Unavailable' | 'Cancelled';
  readonly message: string;
}

/** Enough for the largest charts that are in use, and little enough that one target cannot starve the others. */
export const boxLimits: BoxLimits = {
  timeMs: 30_000,
  memoryBytes: 512 * 1024 ** 2,
  outputBytes: 32 * 1024 ** 2,
};

const cancelled: BoxFailure = { kind: 'Cancelled', message: 'was ended, because nobody wants it any more' };

const errorBytesMax = 16 * 1024;

/**
 * Runs a program without network and environment, in namespaces of its own: when its first process goes, by itself or
 * because a limit is reached, the kernel ends everything that it has started. Of the disk it sees its files and itself.
 * Where the machine does not permit user namespaces the job is refused; it never runs with less around it.
 */
export async function runInBox(job: BoxJob): Promise<Outcome<string, BoxFailure>> {
  if (job.signal?.aborted) return refused(cancelled);
  const folder = openFolder(job);
  if (!folder.ok) return folder;
  try {
    return await run(job, job.limits ?? boxLimits, folder.value.path);
  } finally {
    folder.value.remove();
  }
}

const diskErrors = ['ENOENT', 'EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT'];

/** A disk that takes nothing is a lack of this machine, not of what is rendered. */
function openFolder({ files, program, libraries = [] }: BoxJob): Outcome<BoxFolder, BoxFailure> {
  try {
    return done(makeBoxFolder(files, [program, ...libraries]));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!diskErrors.includes(code)) throw error;
    return refused({ kind: 'Unavailable', message: `there is no room for what is to be rendered: ${message}` });
  }
}

function run(job: BoxJob, limits: BoxLimits, folder: string): Promise<Outcome<string, BoxFailure>> {
  return new Promise((resolve) => {
    const child = spawn('/usr/bin/prlimit', [...walls(limits, folder), job.program, ...job.words], {
      cwd: '/',
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limits.timeMs,
      killSignal: 'SIGKILL',
    });
    const cancel = () => child.kill('SIGKILL');
    job.signal?.addEventListener('abort', cancel, { once: true });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    const limited = (chunks: Buffer[], bytesMax: number, tooMuch: () => void) => {
      let bytes = 0;
      return (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= bytesMax) chunks.push(chunk);
        else tooMuch();
      };
    };
    let tooLarge = false;
    const stop = () => (tooLarge = child.kill('SIGKILL') || tooLarge);
    child.stdout.on('data', limited(output, limits.outputBytes, stop));
    child.stderr.on(
      'data',
      limited(errors, errorBytesMax, () => undefined),
    );
    child.once('error', () => resolve(refused(unavailable('prlimit of util-linux is not at /usr/bin'))));
    child.once('close', (code, signal) => {
      job.signal?.removeEventListener('abort', cancel);
      if (job.signal?.aborted) return resolve(refused(cancelled));
      const said = Buffer.concat(errors).toString('utf8').trim();
      if (code === 0 && !tooLarge) resolve(done(Buffer.concat(output).toString('utf8')));
      else resolve(refused(failureOf({ said, tooLarge, killed: signal === 'SIGKILL', limits })));
    });
  });
}

/**
 * Memory is limited as data, not as address space: programs in Go reserve more addresses than that before they begin.
 * The user stays who it is: as a made-up root it could write what is to be read only. The root is changed without a mount
 * namespace, because nothing has to be mounted for it: what the program needs lies in the folder. It is run from that root:
 * a program without a home looks for its settings and plugins where it is run from, and that must not be the repository.
 */
function walls({ memoryBytes }: BoxLimits, folder: string): string[] {
  const spaces = ['--user', '--map-current-user', '--net', '--ipc', '--pid', '--fork', '--kill-child=SIGKILL'];
  const limits = [`--data=${memoryBytes}`, '--core=0', '--'];
  return [...limits, '/usr/bin/unshare', ...spaces, `--root=${folder}`, '--wd=/', '--'];
}

interface Ending {
  readonly said: string;
  readonly tooLarge: boolean;
  readonly killed: boolean;
  readonly limits: BoxLimits;
}

function failureOf({ said, tooLarge, killed, limits }: Ending): BoxFailure {
  if (tooLarge) return { kind: 'TooLarge', message: `printed more than ${limits.outputBytes} bytes` };
  if (killed) return { kind: 'TooSlow', message: `was not done after ${limits.timeMs} ms` };
  if (said.startsWith('unshare: failed to execute')) return unavailable(`it cannot be started on its own (${said})`);
  if (/^(unshare|prlimit): /.test(said)) return unavailable(said);
  if (outOfMemory.test(said))
    return { kind: 'TooLarge', message: `needed more than ${mebibytes(limits)} MiB of memory` };
  return { kind: 'Failed', message: said || 'ended with an error and said nothing' };
}

/** What programs in Go and in JavaScript say before they give up. */
const outOfMemory = /out of memory|(cannot|failed to) allocate memory/i;

function mebibytes({ memoryBytes }: BoxLimits): number {
  return Math.round(memoryBytes / 1024 ** 2);
}

function unavailable(why: string): BoxFailure {
  const wayOut = 'rendering with a program needs user namespaces and util-linux on this machine';
  return { kind: 'Unavailable', message: `${why}; ${wayOut}` };
}
