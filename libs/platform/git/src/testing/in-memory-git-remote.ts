import { systemClock, type Clock } from '@flotilla/foundation';
import { gitLimits, type GitLimits } from '../git-limits.ts';
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
import { KnownDirectories } from '../objects/known-directories.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { isAsked, tooManyRefs } from '../protocol/ls-refs.ts';
import { pullCommit, type PullPorts } from '../pull/pull-commit.ts';
import { readPulled } from '../pull/read-pulled.ts';
import { withDeadline } from '../with-deadline.ts';
import { commitFiles } from '../write/commit-files.ts';
import { listFiles } from '../write/list-files.ts';
import { pushAndLook } from '../write/push-and-look.ts';
import type { InMemoryGitRepository } from './in-memory-git-repository.ts';
import { RepositorySource } from './repository-source.ts';

export interface InMemoryGitRemoteOptions {
  readonly repository: InMemoryGitRepository;
  readonly store: ObjectStore;
  readonly clock?: Clock;
  readonly limits?: Partial<GitLimits>;
  /** Whether it can leave out what was not asked for, as most hosts can. */
  readonly hasFilters?: boolean;
}

/** The port over a repository in memory: the same walk, the same checks, the same faults, and no network. */
export class InMemoryGitRemote implements GitWriter {
  readonly #repository: InMemoryGitRepository;
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #limits: GitLimits;
  readonly #source: RepositorySource;
  readonly #directories = new KnownDirectories();

  constructor({ repository, store, clock, limits, hasFilters }: InMemoryGitRemoteOptions) {
    this.#repository = repository;
    this.#store = store;
    this.#clock = clock ?? systemClock;
    this.#limits = { ...gitLimits, ...limits };
    this.#source = new RepositorySource(repository, { hasFilters: hasFilters ?? true });
  }

  async listRefs(options: ListRefsOptions): Promise<GitRef[]> {
    const { signal } = options;
    return withDeadline(async () => this.#refs(options), {
      clock: this.#clock,
      wallMs: this.#limits.wallMs,
      ...(signal && { signal }),
    });
  }

  pull(options: PullOptions): Promise<PulledCommit> {
    return pullCommit(this.#ports, options);
  }

  files(tree: string): Promise<GitFile[]> {
    return readPulled(this.#ports, tree);
  }

  list(options: ListFilesOptions): Promise<ReadonlyMap<string, ListedFile>> {
    return listFiles(this.#ports, options);
  }

  commitFiles(options: CommitFilesOptions): Promise<NewCommit | undefined> {
    return commitFiles(this.#ports, options);
  }

  push(options: PushOptions): Promise<PushOutcome> {
    return pushAndLook(options, {
      send: async () => this.#repository.receive(options),
      refs: (listing) => this.listRefs(listing),
      deadline: { clock: this.#clock, wallMs: this.#limits.wallMs },
    });
  }

  get #ports(): PullPorts {
    return {
      source: this.#source,
      store: this.#store,
      limits: this.#limits,
      clock: this.#clock,
      directories: this.#directories,
    };
  }

  #refs(options: ListRefsOptions): GitRef[] {
    const refs = this.#repository.refs().filter(({ name }) => isAsked(name, options));
    if (refs.length > this.#limits.refsMax) throw tooManyRefs(this.#limits.refsMax);
    return refs;
  }
}
