import { spawn } from 'node:child_process';
import type { EnvtestAssets } from '../../libs/testing/src/kube-apiserver/envtest-assets.ts';

export interface RunOptions {
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Runs a program to its end: what it printed, or `undefined` when it cannot be run. */
export function run(
  program: string,
  words: readonly string[],
  { folder, environment, timeoutMs }: RunOptions,
): Promise<{ readonly code: number; readonly output: string } | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(folder && { cwd: folder }),
      ...(environment && { env: environment }),
      ...(timeoutMs && { timeout: timeoutMs, killSignal: 'SIGKILL' }),
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** What the two programs say of themselves; `undefined` for one that does not answer. */
export async function versionsOf(assets: EnvtestAssets): Promise<{ kubeApiserver: string | undefined; etcd: string | undefined }> {
  const [kubeApiserver, etcd] = await Promise.all([version(assets.kubeApiserver), version(assets.etcd)]);
  return { kubeApiserver, etcd };
}

async function version(program: string): Promise<string | undefined> {
  const ran = await run(program, ['--version'], { timeoutMs: 20_000 });
  return ran?.code === 0 ? /v?\d+\.\d+\.\d+\S*/.exec(ran.output)?.[0] : undefined;
}
