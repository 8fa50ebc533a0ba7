import { textAt, valueAt, type HostDialect } from './host-dialect.ts';
import type { HostedPullRequest } from './pull-request-host.ts';

/** GitLab's REST API, of gitlab.com and of a host of one's own: https://docs.gitlab.com/api/merge_requests. */
export function gitlabDialect(repositoryPath: string): HostDialect {
  const requests = `/projects/${encodeURIComponent(repositoryPath)}/merge_requests`;
  return {
    headers: { accept: 'application/json' },
    existsStatus: 409,
    listPath: ({ branch, into }) => {
      const query = { source_branch: branch, target_branch: into, order_by: 'created_at', sort: 'desc' };
      return `${requests}?${new URLSearchParams(query).toString()}`;
    },
    openRequest: ({ branch, into, title, body }) => ({
      path: requests,
      body: { source_branch: branch, target_branch: into, title, description: body, remove_source_branch: true },
    }),
    read: (item) => {
      const [branch, into] = [textAt(item, 'source_branch'), textAt(item, 'target_branch')];
      const [url, state] = [textAt(item, 'web_url'), states[textAt(item, 'state') ?? '']];
      const isFromFork = valueAt(item, 'source_project_id') !== valueAt(item, 'target_project_id');
      return url && branch && into && state ? { url, branch, into, state, isFromFork } : undefined;
    },
  };
}

/** `locked`: being merged right now. */
const states: Readonly<Record<string, HostedPullRequest['state']>> = {
  opened: 'open',
  locked: 'open',
  merged: 'merged',
  closed: 'closed',
};
