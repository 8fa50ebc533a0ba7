import { gitlabDialect } from './gitlab.ts';
import { githubDialect } from './github.ts';
import { HostApi, type HostApiOptions } from './host-api.ts';
import type { HostDialect, PullRequestPlace } from './host-dialect.ts';
import type { HostedPullRequest, PullRequestHost, PullRequestOrder } from './pull-request-host.ts';

const dialects = { github: githubDialect, gitlab: gitlabDialect } as const;

export interface RestPullRequestsOptions extends Omit<HostApiOptions, 'headers'> {
  readonly type: keyof typeof dialects;
  /** The repository on its host, such as `example/shop`. */
  readonly repositoryPath: string;
}

/** Pull requests over a host's REST API. What is there is looked for first: an answer that was lost is no second request. */
export class RestPullRequests implements PullRequestHost {
  readonly #dialect: HostDialect;
  readonly #api: HostApi;

  constructor({ type, repositoryPath, ...api }: RestPullRequestsOptions) {
    this.#dialect = dialects[type](repositoryPath);
    this.#api = new HostApi({ ...api, headers: this.#dialect.headers });
  }

  async openPullRequest(order: PullRequestOrder, signal: AbortSignal): Promise<HostedPullRequest> {
    const known = await this.findPullRequest(order, signal);
    if (known) return known;
    const { existsStatus } = this.#dialect;
    const request = this.#dialect.openRequest(order);
    const answer = await this.#api.call({ method: 'POST', ...request, answers: existsStatus }, signal);
    if (answer.status !== existsStatus) return this.#read(answer.content);
    // Somebody was faster; or it says by the same status that it does not want it at all.
    const theirs = await this.findPullRequest(order, signal);
    if (theirs) return theirs;
    throw this.#api.refused(answer.content);
  }

  async findPullRequest(place: PullRequestPlace, signal: AbortSignal): Promise<HostedPullRequest | undefined> {
    const path = this.#dialect.listPath(place);
    const { content } = await this.#api.call({ method: 'GET', path }, signal);
    if (!Array.isArray(content)) throw this.#api.malformed();
    const items = content.map((item: unknown) => this.#dialect.read(item));
    if (items.includes(undefined)) throw this.#api.malformed();
    const found = items.find((item) => item?.branch === place.branch && item.into === place.into && !item.isFromFork);
    return found && { url: found.url, state: found.state };
  }

  #read(item: unknown): HostedPullRequest {
    const read = this.#dialect.read(item);
    if (!read) throw this.#api.malformed();
    return { url: read.url, state: read.state };
  }
}

/** Where the API of a repository's host is, when nobody says so. */
export function defaultApiUrl(type: RestPullRequestsOptions['type'], repositoryUrl: string): string {
  const { origin } = new URL(repositoryUrl);
  if (type === 'gitlab') return `${origin}/api/v4`;
  return origin === 'https://github.com' ? 'https://api.github.com' : `${origin}/api/v3`;
}
