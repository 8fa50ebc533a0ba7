import { textAt, type HostDialect } from './host-dialect.ts';
import type { HostedPullRequest } from './pull-request-host.ts';

/** GitHub's REST API, also of an Enterprise Server: https://docs.github.com/rest/pulls/pulls. */
export function githubDialect(repositoryPath: string): HostDialect {
  const [owner = '', name = ''] = repositoryPath.split('/');
  const pulls = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/pulls`;
  return {
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    existsStatus: 422,
    listPath: ({ branch, into }) => {
      const query = { state: 'all', sort: 'created', direction: 'desc', head: `${owner}:${branch}`, base: into };
      return `${pulls}?${new URLSearchParams(query).toString()}`;
    },
    openRequest: ({ branch, into, title, body }) => ({ path: pulls, body: { title, body, head: branch, base: into } }),
    read: (item) => {
      const [url, branch, into] = [textAt(item, 'html_url'), textAt(item, 'head', 'ref'), textAt(item, 'base', 'ref')];
      const state = stateOf(item);
      const isFromFork = textAt(item, 'head', 'repo', 'full_name') !== textAt(item, 'base', 'repo', 'full_name');
      return url && branch && into && state ? { url, branch, into, state, isFromFork } : undefined;
    },
  };
}

/** One that was merged is closed as well, and says when it was merged. */
function stateOf(item: unknown): HostedPullRequest['state'] | undefined {
  if (textAt(item, 'merged_at')) return 'merged';
  const state = textAt(item, 'state');
  return state === 'open' || state === 'closed' ? state : undefined;
}
