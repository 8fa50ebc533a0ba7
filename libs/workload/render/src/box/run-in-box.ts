import { spawn, type ChildProcess } from 'node:child_process';
import { done, refused, type Outcome } from '@flotilla/foundation';
import type { RenderFile } from '../render-file.ts';
import { cancelled, failureOf, unavailable, type BoxFailure, type Ending } from './box-failure.ts';
import { makeBoxFolder, type BoxFolder } from './box-folder.ts';
import { boxLimits, type BoxLimits } from './box-limits.ts';
import { collectText } from './collect-text.ts';

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

/** What a program writes for people is for a message, and longer than one is no message. */
const saidBytesMax = 16 * 1024;

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
    let tooLarge = false;
    const printed = collectText(child.stdout, limits.outputBytes, () => (tooLarge = child.kill('SIGKILL') || tooLarge));
    const said = collectText(child.stderr, saidBytesMax, () => undefined);
    child.once('error', () => resolve(refused(unavailable('prlimit of util-linux is not at /usr/bin'))));
    child.once('close', (code, signal) => {
      job.signal?.removeEventListener('abort', cancel);
      if (job.signal?.aborted) return resolve(refused(cancelled));
      if (code === 0 && !tooLarge) return resolve(done(printed()));
      resolve(refused(failureOf({ said: said().trim(), tooLarge, killedBy: killerOf(child, signal), limits })));
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

function killerOf({ killed }: ChildProcess, signal: NodeJS.Signals | null): Ending['killedBy'] {
  if (signal === null) return undefined;
  return killed ? 'us' : 'others';
}
