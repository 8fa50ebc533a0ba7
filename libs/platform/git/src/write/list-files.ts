import { gitFault } from '../git-faults.ts';
import type { GitLimits } from '../git-limits.ts';
import type { ListedFile, ListFilesOptions } from '../git-writer.ts';
import { pathSegments } from '../objects/git-path.ts';
import { checkCount, checkDepth } from '../objects/read-files.ts';
import { requireType } from '../objects/tree-at.ts';
import { pullCommit, type PullPorts } from '../pull/pull-commit.ts';
import { printable } from '../printable.ts';
import { withDeadline } from '../with-deadline.ts';
import { FetchedTrees } from './fetched-trees.ts';
import { directoryMode, rawName, rawTree, readableName, type RawEntry } from './raw-tree.ts';

/** Everything below the paths of a commit, whatever it is: a revert has to take away links as well. */
export async function listFiles(
  ports: PullPorts,
  { commit, paths, signal }: ListFilesOptions,
): Promise<ReadonlyMap<string, ListedFile>> {
  const waited = { ...(signal && { signal }) };
  const pulled = await pullCommit(ports, { commit, paths, files: false, ...waited });
  const list = async (ending: AbortSignal) => {
    const listing: Listing = { trees: new FetchedTrees(ports, ending), limits: ports.limits, files: new Map() };
    for (const path of paths) await listPath(listing, pulled.commit.tree, pathSegments(path));
    return listing.files;
  };
  return withDeadline(list, { clock: ports.clock, wallMs: ports.limits.wallMs, ...waited });
}

interface Listing {
  readonly trees: FetchedTrees;
  readonly limits: GitLimits;
  readonly files: Map<string, ListedFile>;
}

async function listPath(listing: Listing, root: string, segments: readonly string[]): Promise<void> {
  let found: RawEntry | undefined = { mode: directoryMode, name: '', oid: root };
  for (const [depth, segment] of segments.entries()) {
    if (found.mode !== directoryMode) return;
    const entries = await readDirectory(listing, found.oid, segments.slice(0, depth).join('/'));
    found = entries.find(({ name }) => name === rawName(segment));
    if (!found) return;
  }
  await listBelow(listing, found, segments);
}

async function listBelow(listing: Listing, { mode, oid }: RawEntry, path: readonly string[]): Promise<void> {
  const place = path.join('/');
  if (mode !== directoryMode) {
    listing.files.set(place, { mode, oid });
    return checkCount(listing.files.size, place, listing.limits);
  }
  checkDepth(path.length, place, listing.limits);
  for (const entry of await readDirectory(listing, oid, place)) {
    await listBelow(listing, entry, [...path, nameOf(entry, place)]);
  }
}

async function readDirectory({ trees, limits }: Listing, oid: string, place: string): Promise<RawEntry[]> {
  return rawTree(requireType(await trees.get(oid), 'tree', place).content, place, limits);
}

/** A name that cannot be spelled cannot be written back either; it is named rather than lost. */
function nameOf({ name }: RawEntry, place: string): string {
  const readable = readableName(name);
  if (rawName(readable) === name && !name.includes('/')) return readable;
  throw gitFault('GitNameRefused', {
    message: `a name in "${printable(place)}" cannot be read as UTF-8; rename it`,
    subject: place,
  });
}
