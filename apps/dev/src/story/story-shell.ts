import { spawn } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { plainEnvironment, program } from '@flotilla/testing';
import { read } from './narrate.ts';

export interface ShellOptions {
  /** Where commands are typed; whatever the person has at home stays out of it. */
  readonly folder: string;
  /** What a person would export first. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Opens a shell in which `flotilla` is this checkout's. */
export async function openShell({ folder, environment, signal }: ShellOptions): Promise<StoryShell> {
  const programs = join(folder, 'bin');
  await mkdir(programs, { recursive: true });
  const flotilla = join(programs, 'flotilla');
  await writeFile(flotilla, `#!/bin/sh\nexec '${process.execPath}' --enable-source-maps '${program('cli')}' "$@"\n`);
  await chmod(flotilla, 0o755);
  const { PATH = '', ...inherited } = plainEnvironment();
  const path = [programs, dirname(process.execPath), PATH].join(delimiter);
  const own = { PATH: path, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
  return new StoryShell({ ...inherited, ...own, ...environment }, { folder, signal });
}

/** A shell that shows what is typed and what it answers, as a terminal does. */
export class StoryShell {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #signal: AbortSignal;
  #folder: string;

  constructor(environment: NodeJS.ProcessEnv, { folder, signal }: { folder: string; signal: AbortSignal }) {
    this.#environment = environment;
    this.#folder = folder;
    this.#signal = signal;
  }

  /** Goes to another folder, from where it is. */
  enter(folder: string): void {
    this.#folder = join(this.#folder, folder);
  }

  /** Types a command line and gives what it printed. One that fails ends the story; `codes` are those that do not. */
  async type(line: string, codes: readonly number[] = [0]): Promise<string> {
    process.stdout.write(`$ ${line}\n`);
    const { code, output } = await this.#run(line, (text) => process.stdout.write(text));
    if (!codes.includes(code)) throw new Error(`\`${line}\` ended with exit code ${code}`);
    await read(output, this.#signal);
    return output;
  }

  /** Asks something that nobody has to see. */
  async ask(line: string): Promise<string> {
    const { code, output } = await this.#run(line, () => undefined);
    if (code !== 0) throw new Error(`\`${line}\` ended with exit code ${code}: ${output}`);
    return output.trim();
  }

  #run(line: string, show: (text: string) => void): Promise<{ readonly code: number; readonly output: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn('sh', ['-c', line], {
        cwd: this.#folder,
        env: this.#environment,
        signal: this.#signal,
        // What is told while a command waits is for a terminal, and moves: it goes there as it comes.
        stdio: ['ignore', 'pipe', process.stderr.isTTY ? 'inherit' : 'pipe'],
      });
      let output = '';
      const take = (text: string) => {
        output += text;
        show(text);
      };
      child.stdout?.setEncoding('utf8').on('data', take);
      child.stderr?.setEncoding('utf8').on('data', show);
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? 1, output }));
    });
  }
}
