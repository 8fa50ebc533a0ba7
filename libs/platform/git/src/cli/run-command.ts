import { spawn, type ChildProcess } from 'node:child_process';
import { gitFault } from '../git-faults.ts';

export interface GitCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly outputBytesMax: number;
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly succeeded: boolean;
  readonly output: string;
  readonly errors: string;
}

const errorBytesMax = 16 * 1024;

/** Runs one `git` command to its end. When it is cancelled or says too much, it goes with all that it has started. */
export function runCommand(command: GitCommand): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawnGroup(command.program, command.args, command.environment);
    const output = collect(child.stdout, command.outputBytesMax, () => {
      killGroup(child);
      reject(gitFault('GitPackTooLarge', { message: `git printed more than ${command.outputBytesMax} bytes` }));
    });
    const errors = collect(child.stderr, errorBytesMax, () => undefined);
    const cancel = () => {
      killGroup(child);
      reject(gitFault('GitCancelled', { message: 'the work on the repository was cancelled' }));
    };
    command.signal.addEventListener('abort', cancel, { once: true });
    if (command.signal.aborted) cancel();
    child.once('error', (cause) => reject(commandMissing(command.program, cause)));
    child.once('close', (code) => {
      command.signal.removeEventListener('abort', cancel);
      resolve({ succeeded: code === 0, output: output(), errors: errors() });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(command.input ?? '');
  });
}

/** Starts a command as the leader of a group of its own, because it starts others that do the talking. */
export function spawnGroup(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(program, args, { env: { ...environment }, detached: true, stdio: 'pipe' });
}

export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}

export function commandMissing(program: string, cause: unknown) {
  return gitFault('GitCommandMissing', { message: `the command ${program} cannot be started; install git`, cause });
}

function collect(stream: NodeJS.ReadableStream | null, bytesMax: number, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bytesMax) onTooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
