import { spawn } from 'node:child_process';

export interface RunGitOptions {
  /** The bare repository to work in. */
  readonly directory: string;
  readonly input?: string | Uint8Array;
}

/** Runs a git command on a bare repository, untouched by the settings of this machine, and gives what it prints. */
export function runGit(args: readonly string[], { directory, input }: RunGitOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: directory, env: isolatedEnvironment({ GIT_DIR: directory }) });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString('utf8').trim());
      else reject(new Error(`git ${args[0]} failed (${code}): ${Buffer.concat(errors).toString('utf8').trim()}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

/** Nothing of the machine's own settings, so that a repository is the same wherever it is made. */
export function isolatedEnvironment(more: Readonly<Record<string, string>>): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    ...more,
  };
}
