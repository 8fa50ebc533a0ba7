import type { CommitFilesOptions, NewCommit } from '../git-writer.ts';
import { pullCommit, type PullPorts } from '../pull/pull-commit.ts';
import { withDeadline } from '../with-deadline.ts';
import { changeTree } from './change-tree.ts';
import { commitObject } from './commit-object.ts';
import { FetchedTrees } from './fetched-trees.ts';
import { rawTreeObject } from './raw-tree.ts';

/** Makes a commit of changed files on top of another; nothing when every file is already as it shall be. */
export async function commitFiles(ports: PullPorts, options: CommitFilesOptions): Promise<NewCommit | undefined> {
  const { head, changes, message, author, committer, signal } = options;
  const waited = { ...(signal && { signal }) };
  const directories = [...changes.keys()].map((path) => path.split('/').slice(0, -1).join('/'));
  const pulled = await pullCommit(ports, { commit: head, paths: [...new Set(directories)], files: false, ...waited });
  const before = pulled.commit.tree;
  const change = (ending: AbortSignal) => {
    const trees = new FetchedTrees(ports, ending);
    return changeTree((oid) => trees.get(oid), before, changes);
  };
  const changed = await withDeadline(change, { clock: ports.clock, wallMs: ports.limits.wallMs, ...waited });
  if (changed.oid === before) return undefined;
  // A repository without any file still has a root.
  const root = changed.oid === undefined ? [rawTreeObject([])] : [];
  const tree = changed.oid ?? root[0]!.oid;
  const commit = commitObject({ tree, parents: [head], author, committer, message });
  return { id: commit.oid, parent: head, objects: [commit, ...root, ...changed.objects] };
}
