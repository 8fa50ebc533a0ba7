import type { GitHost, PullRequest, PullRequestOrder } from '../repair/git-hosts.port.ts';

/** A Git host's pull requests in memory, and what people do with them. */
export class InMemoryGitHost implements GitHost {
  readonly requests: (PullRequestOrder & { state: PullRequest['state'] })[] = [];

  async openPullRequest(order: PullRequestOrder): Promise<PullRequest> {
    const known = await this.findPullRequest(order);
    if (known) return known;
    this.requests.push({ ...order, state: 'open' });
    return { url: this.#url(this.requests.length - 1), state: 'open' };
  }

  async findPullRequest({ branch, into }: Pick<PullRequestOrder, 'branch' | 'into'>): Promise<PullRequest | undefined> {
    const index = this.requests.findLastIndex((each) => each.branch === branch && each.into === into);
    const found = this.requests[index];
    return found && { url: this.#url(index), state: found.state };
  }

  /** What a person decides about the newest one. */
  decide(state: PullRequest['state']): void {
    this.requests.at(-1)!.state = state;
  }

  #url(index: number): string {
    return `https://git.example.org/shop/pull/${index + 1}`;
  }
}
