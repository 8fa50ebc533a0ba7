import type { StoredRepository } from '../repositories.port.ts';

/** A branch that somebody is asked to merge. */
export interface PullRequestOrder {
  readonly branch: string;
  /** The branch to merge into. */
  readonly into: string;
  readonly title: string;
  readonly body: string;
}

/** What was opened, and what has become of it. */
export interface PullRequest {
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
}

/** What a Git host can do beyond Git. */
export interface GitHost {
  /** Opens a pull request; one that is there for the same branches already is the same one. */
  openPullRequest(order: PullRequestOrder, signal: AbortSignal): Promise<PullRequest>;
  /** The newest one for these branches, whatever became of it. */
  findPullRequest(
    order: Pick<PullRequestOrder, 'branch' | 'into'>,
    signal: AbortSignal,
  ): Promise<PullRequest | undefined>;
}

/** Opens hosts, by what the repository's document says. */
export interface GitHosts {
  /** Nothing where the document names no host. */
  openHost(repository: StoredRepository): Promise<GitHost | undefined>;
}
