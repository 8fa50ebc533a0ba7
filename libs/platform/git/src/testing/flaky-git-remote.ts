import type { Fault } from '@flotilla/foundation';
import { gitFault } from '../git-faults.ts';
import type { GitFile, GitRef, ListRefsOptions, PulledCommit, PullOptions } from '../git-remote.ts';
import type {
  CommitFilesOptions,
  GitWriter,
  ListedFile,
  ListFilesOptions,
  NewCommit,
  PushOptions,
  PushOutcome,
} from '../git-writer.ts';

/** The ways in which a Git host fails. `loses-answers`: what was pushed is there, and nobody says so. */
export type GitTrouble = 'times-out' | 'truncates' | 'fails' | 'refuses-credentials' | 'is-gone' | 'loses-answers';

/** A remote that fails on demand, with the faults that the real one raises, and works again afterwards. */
export class FlakyGitRemote implements GitWriter {
  readonly #remote: GitWriter;
  #trouble: GitTrouble | undefined;
  #timesLeft = 0;
  #passing = 0;

  constructor(remote: GitWriter) {
    this.#remote = remote;
  }

  /** Lets the next requests fail; until `recover` when no number is given. Some may pass before the first that fails. */
  fail(trouble: GitTrouble, times = Infinity, passing = 0): void {
    this.#trouble = trouble;
    this.#timesLeft = times;
    this.#passing = passing;
  }

  recover(): void {
    this.#timesLeft = 0;
  }

  async listRefs(options: ListRefsOptions): Promise<GitRef[]> {
    this.#maybeFail();
    return this.#remote.listRefs(options);
  }

  async pull(options: PullOptions): Promise<PulledCommit> {
    this.#maybeFail();
    return this.#remote.pull(options);
  }

  /** Reads what is held here already, so it never fails with the host. */
  files(tree: string): Promise<GitFile[]> {
    return this.#remote.files(tree);
  }

  async list(options: ListFilesOptions): Promise<ReadonlyMap<string, ListedFile>> {
    this.#maybeFail();
    return this.#remote.list(options);
  }

  async commitFiles(options: CommitFilesOptions): Promise<NewCommit | undefined> {
    this.#maybeFail();
    return this.#remote.commitFiles(options);
  }

  async push(options: PushOptions): Promise<PushOutcome> {
    const isLost = this.#trouble === 'loses-answers' && this.#timesLeft > 0 && this.#passing <= 0;
    if (isLost) await this.#remote.push(options);
    this.#maybeFail();
    return this.#remote.push(options);
  }

  #maybeFail(): void {
    if (this.#trouble === undefined || this.#timesLeft <= 0 || this.#passing-- > 0) return;
    this.#timesLeft--;
    throw faultOf(this.#trouble);
  }
}

function faultOf(trouble: GitTrouble): Fault {
  switch (trouble) {
    case 'times-out':
      return gitFault('GitTimeout', { message: 'the Git host took longer than 60000 ms' });
    case 'loses-answers':
    case 'truncates':
      return gitFault('GitPackTruncated', { message: 'the pack ended before all of it had arrived' });
    case 'fails':
      return gitFault('GitHostFailed', { message: 'the Git host failed (HTTP 500)' });
    case 'refuses-credentials':
      return gitFault('GitCredentialsRefused', { message: 'the Git host does not accept the credential (HTTP 401)' });
    case 'is-gone':
      return gitFault('GitRepositoryNotFound', { message: 'the repository is not there (HTTP 404)' });
  }
}
