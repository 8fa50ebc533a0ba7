import type { HostedPullRequest, PullRequestOrder } from './pull-request-host.ts';

export type PullRequestPlace = Pick<PullRequestOrder, 'branch' | 'into'>;

/** A pull request with the branches that it names itself: a filter of a host is not believed. */
export interface ReadPullRequest extends PullRequestPlace, HostedPullRequest {
  /** Its branch is in a fork: whoever may not push here may call one there as they like. */
  readonly isFromFork: boolean;
}

/** How one kind of host speaks of pull requests. Pure: paths, bodies and how an answer is read. */
export interface HostDialect {
  readonly headers: Readonly<Record<string, string>>;
  /** Below the base of the API: those for these branches, the newest first. */
  listPath(place: PullRequestPlace): string;
  openRequest(order: PullRequestOrder): { readonly path: string; readonly body: object };
  /** The status by which it says that there is one already. */
  readonly existsStatus: number;
  /** Nothing when the answer has not the shape that the host's documentation promises. */
  read(item: unknown): ReadPullRequest | undefined;
}

/** The text at a path of keys in an answer; nothing when it is not there or is no text. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = valueAt(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

/** Whatever is at a path of keys in an answer. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) found = isObject(found) ? found[key] : undefined;
  return found;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
