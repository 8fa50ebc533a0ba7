import type { ChildProcess } from 'node:child_process';
import { gitFault } from '../git-faults.ts';
import type { GitLimits } from '../git-limits.ts';
import { gitObject, gitObjectTypes, type GitObject } from '../objects/git-object.ts';
import { PackSource } from '../pack/pack-source.ts';
import { PullBudget } from '../pack/pull-budget.ts';
import { commandMissing, killGroup, spawnGroup } from './run-command.ts';

export interface ObjectReaderOptions {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: GitLimits;
}

const headerBytesMax = 128;

/** Reads objects by id from a git directory, through one `git cat-file` that lives as long as the reader. */
export class ObjectReader {
  readonly #child: ChildProcess;
  readonly #output: PackSource;
  readonly #budget: PullBudget;
  #failed: unknown;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ program, environment, limits }: ObjectReaderOptions) {
    this.#child = spawnGroup(program, ['cat-file', '--batch'], environment);
    this.#child.once('error', (cause) => (this.#failed = commandMissing(program, cause)));
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stderr?.resume();
    this.#output = new PackSource(this.#child.stdout as AsyncIterable<Uint8Array>, limits.pullBytesMax * 2);
    this.#budget = new PullBudget(limits);
  }

  /** The object, if the directory has it and it hashes to its id. One question at a time is on its way. */
  read(oid: string): Promise<GitObject | undefined> {
    const reading = this.#last.then(() => this.#read(oid));
    this.#last = reading.catch(() => undefined);
    return reading;
  }

  close(): void {
    killGroup(this.#child);
  }

  async #read(oid: string): Promise<GitObject | undefined> {
    if (this.#failed) throw this.#failed;
    this.#child.stdin?.write(`${oid}\n`);
    const [, typeText, sizeText] = (await this.#readLine()).split(' ');
    const type = gitObjectTypes.find((known) => known === typeText);
    if (!type) return undefined;
    const size = Number(sizeText);
    this.#budget.spend(size);
    const content = (await this.#output.take(size + 1)).subarray(0, size);
    const object = gitObject(type, new Uint8Array(content));
    return object.oid === oid ? object : undefined;
  }

  async #readLine(): Promise<string> {
    for (let length = 1; length <= headerBytesMax; length++) {
      const bytes = await this.#output.peek(length);
      if (bytes.byteLength < length) throw this.#failed ?? ended();
      if (bytes[length - 1] === 0x0a)
        return Buffer.from(await this.#output.take(length))
          .toString('latin1')
          .trimEnd();
    }
    throw ended();
  }
}

function ended() {
  return gitFault('GitCommandFailed', { message: 'git cat-file ended before it had answered' });
}
