export { FlakyGitRemote, type GitTrouble } from './flaky-git-remote.ts';
export { gitRemoteCases, type GitRemoteCase, type GitRemoteWorld } from './git-remote-cases.ts';
export { gitWriterCases, type GitWriterCase, type GitWriterWorld } from './git-writer-cases.ts';
export { hostileTrees, type HostileOutcome, type HostileTree } from './hostile-trees.ts';
export { InMemoryGitRemote, type InMemoryGitRemoteOptions } from './in-memory-git-remote.ts';
export { InMemoryGitRepository, type FileChanges, type InMemoryCommitOptions } from './in-memory-git-repository.ts';
export { copyDelta, insertDelta, writePack, type PackedEntry } from './pack-writer.ts';
export { startRecordedHost, type HostAnswer, type RecordedHost } from './recorded-host.ts';
export { inTreeOrder, treeObject } from './tree-writer.ts';
