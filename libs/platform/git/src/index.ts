export { CliGitRemote, type CliGitRemoteOptions } from './cli/cli-git-remote.ts';
export { gitLimits, type GitLimits } from './git-limits.ts';
export type {
  CommitInfo,
  CommitSignature,
  GitFile,
  GitRef,
  GitRemote,
  ListRefsOptions,
  Person,
  PulledCommit,
  PullOptions,
} from './git-remote.ts';
export type {
  CommitFilesOptions,
  FileChange,
  GitWriter,
  ListedFile,
  ListFilesOptions,
  NewCommit,
  PushOptions,
  PushOutcome,
} from './git-writer.ts';
export type { GitFaultReason } from './git-faults.ts';
export type { HostedPullRequest, PullRequestHost, PullRequestOrder } from './host/pull-request-host.ts';
export { defaultApiUrl, RestPullRequests, type RestPullRequestsOptions } from './host/rest-pull-requests.ts';
export { addressPolicy, type AddressPolicy, type PrivateNetworks } from './http/address-policy.ts';
export type { GitCredentials } from './http/credentials.ts';
export { GitDispatcher, type GitDispatcherOptions, type SocketTraffic } from './http/git-dispatcher.ts';
export { parseRemoteUrl, type RemoteUrl } from './http/remote-url.ts';
export { GitDirObjectStore, type GitDirObjectStoreOptions } from './objects/git-dir-object-store.ts';
export { gitObject, objectId, type GitObject, type GitObjectType } from './objects/git-object.ts';
export { InMemoryObjectStore } from './objects/in-memory-object-store.ts';
export { LayeredObjectStore, type LayeredObjectStoreOptions } from './objects/layered-object-store.ts';
export type { ObjectStore } from './objects/object-store.ts';
export { parseCommit } from './objects/parse-commit.ts';
export type { TreeEntry } from './objects/parse-tree.ts';
export type { PlainEntry } from './objects/plain-entries.ts';
export { readFiles } from './objects/read-files.ts';
export { readCommit, readTree, treeAt } from './objects/tree-at.ts';
export { RemotePool, type PooledPlace, type RemotePoolOptions } from './remote-pool.ts';
export { SmartHttpGitRemote, type SmartHttpGitRemoteOptions } from './smart-http-git-remote.ts';
