/** A branch that somebody is asked to merge. */
export interface PullRequestOrder {
  readonly branch: string;
  /** The branch to merge into. */
  readonly into: string;
  readonly title: string;
  readonly body: string;
}

/** A pull request as its host tells it; on GitLab it is called a merge request. */
export interface HostedPullRequest {
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
}

/** What a Git host can do beyond Git. */
export interface PullRequestHost {
  /** Opens a pull request; one that is there for the same branches already is the same one, whatever became of it. */
  openPullRequest(order: PullRequestOrder, signal: AbortSignal): Promise<HostedPullRequest>;
  /** The newest one for these branches. */
  findPullRequest(
    place: Pick<PullRequestOrder, 'branch' | 'into'>,
    signal: AbortSignal,
  ): Promise<HostedPullRequest | undefined>;
}
