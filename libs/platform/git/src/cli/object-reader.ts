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

/** Reads objects by id from a git directory, through one `git cat-file` that is started by the first question. */
export class ObjectReader {
  readonly #options: ObjectReaderOptions;
  readonly #budget: PullBudget;
  #conversation: Conversation | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ObjectReaderOptions) {
    this.#options = options;
    this.#budget = new PullBudget(options.limits);
  }

  /** The object, if the directory has it and it hashes to its id. One question at a time is on its way. */
  read(oid: string): Promise<GitObject | undefined> {
    this.#conversation ??= new Conversation(this.#options);
    const conversation = this.#conversation;
    const reading = this.#last.then(() => conversation.ask(oid, this.#budget));
    this.#last = reading.catch(() => undefined);
    return reading;
  }

  close(): void {
    this.#conversation?.end();
  }
}

class Conversation {
  readonly #child: ChildProcess;
  readonly #output: PackSource;
  #failed: unknown;

  constructor({ program, environment, limits }: ObjectReaderOptions) {
    this.#child = spawnGroup(program, ['cat-file', '--batch'], environment);
    this.#child.once('error', (cause) => (this.#failed = commandMissing(program, cause)));
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stderr?.resume();
    this.#output = new PackSource(this.#child.stdout as AsyncIterable<Uint8Array>, limits.pullBytesMax * 2);
  }

  async ask(oid: string, budget: PullBudget): Promise<GitObject | undefined> {
    this.#child.stdin?.write(`${oid}\n`);
    const [, typeText, sizeText] = (await this.#readLine()).split(' ');
    const type = gitObjectTypes.find((known) => known === typeText);
    if (!type) return undefined;
    const size = Number(sizeText);
    budget.spend(size);
    const content = (await this.#output.take(size + 1)).subarray(0, size);
    const object = gitObject(type, new Uint8Array(content));
    return object.oid === oid ? object : undefined;
  }

  end(): void {
    killGroup(this.#child);
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
