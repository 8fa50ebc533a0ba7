import type { GitLimits } from '../git-limits.ts';
import type { CommitInfo } from '../git-remote.ts';
import type { GitObject } from '../objects/git-object.ts';
import type { KnownDirectories } from '../objects/known-directories.ts';
import { parseCommit } from '../objects/parse-commit.ts';
import { parseTree, type TreeEntry } from '../objects/parse-tree.ts';
import { plainEntries, type PlainEntry } from '../objects/plain-entries.ts';
import { checkCount, checkDepth } from '../objects/read-files.ts';
import { entryNamed, isNotPlain, requireType } from '../objects/tree-at.ts';
import type { PathNode } from './path-tree.ts';

/** What a walk from the commit down to the paths found, and which objects it lacked to go on. */
export interface Survey {
  readonly commit: CommitInfo | undefined;
  readonly trees: ReadonlyMap<string, string | undefined>;
  /** Directories on the way: each is needed by itself. */
  readonly above: ReadonlySet<string>;
  /** What stands at a path or below it: needed with everything below. */
  readonly whole: ReadonlySet<string>;
}

export interface SurveyOptions {
  readonly commit: string;
  readonly paths: PathNode;
  readonly files: boolean;
  readonly held: Holder;
  readonly limits: GitLimits;
  readonly directories: KnownDirectories;
}

interface Holder {
  get(oid: string): Promise<GitObject | undefined>;
  has(oid: string): Promise<boolean>;
}

/**
 * Walks from the commit down, each step led by an id that a verified object named. It goes as far as the objects that
 * are held allow, and says which ones to ask for next; with nothing missing, `trees` is complete.
 */
export async function survey(options: SurveyOptions): Promise<Survey> {
  const found: Found = { trees: new Map(), above: new Set(), whole: new Set(), entries: 0 };
  const commit = await options.held.get(options.commit);
  if (commit?.type !== 'commit') return { ...found, commit: undefined };
  const info = parseCommit(options.commit, commit.content);
  await visit({ options, found }, options.paths, { oid: info.tree, path: '', depth: 1 });
  return { ...found, commit: info };
}

/** What is missing of the files below a tree, or of the one file that the id names. */
export async function surveyBelow({ tree, held, limits }: SurveyBelowOptions): Promise<ReadonlySet<string>> {
  const found: Found = { trees: new Map(), above: new Set(), whole: new Set(), entries: 0 };
  const object = await held.get(tree);
  const place = { oid: tree, path: '', depth: 1 };
  if (object?.type !== 'blob') await coverBelow({ options: { held, limits, files: true }, found }, place);
  return found.whole;
}

export interface SurveyBelowOptions {
  readonly tree: string;
  readonly held: Holder;
  readonly limits: GitLimits;
}

interface Found {
  readonly trees: Map<string, string | undefined>;
  readonly above: Set<string>;
  readonly whole: Set<string>;
  entries: number;
}

interface Walk {
  readonly options: Pick<SurveyOptions, 'held' | 'limits' | 'files'>;
  readonly found: Found;
}

/** Goes through directories by name; below a path everything is read, and only once. */
interface PathWalk extends Walk {
  readonly options: SurveyOptions;
}

interface Place {
  readonly oid: string;
  readonly path: string;
  readonly depth: number;
}

/** A directory that paths lead to or through. */
async function visit(walk: PathWalk, node: PathNode, place: Place): Promise<void> {
  const { found, options } = walk;
  for (const path of node.paths) found.trees.set(path, place.oid);
  const endsHere = node.paths.length > 0;
  if (endsHere && options.files) await coverBelow(walk, place);
  else if (endsHere && node.below.size === 0 && !(await options.held.has(place.oid))) found.above.add(place.oid);
  if (node.below.size === 0) return;
  const tree = await options.held.get(place.oid);
  if (!tree) {
    if (!found.whole.has(place.oid)) found.above.add(place.oid);
    return;
  }
  const entries = options.directories.read(tree, place.path, options.limits);
  for (const [name, child] of node.below) await descend(walk, child, { place, name, entries: entries.get(name) ?? [] });
}

interface Step {
  readonly place: Place;
  readonly name: string;
  readonly entries: readonly TreeEntry[];
}

async function descend(walk: PathWalk, node: PathNode, { place, name, entries }: Step): Promise<void> {
  const path = place.path === '' ? name : `${place.path}/${name}`;
  const entry = plainOrAbsent(walk, () => entryNamed(entries, name, path));
  if (!entry) return markAbsent(walk, node);
  if (entry.kind === 'directory') return visit(walk, node, { oid: entry.oid, path, depth: place.depth + 1 });
  for (const child of node.below.values()) markAbsent(walk, child);
  for (const asked of node.paths) walk.found.trees.set(asked, entry.oid);
  if (walk.options.files && node.paths.length > 0) await coverFile(walk, entry.oid);
}

/**
 * A link where a path should be. Who wants its files is told what stands there; who only compares ids, for many
 * applications at once, sees nothing there, so that one of them never stops the others.
 */
function plainOrAbsent(walk: Walk, find: () => PlainEntry | undefined): PlainEntry | undefined {
  try {
    return find();
  } catch (error) {
    if (walk.options.files || !isNotPlain(error)) throw error;
    return undefined;
  }
}

function markAbsent(walk: Walk, node: PathNode): void {
  for (const path of node.paths) walk.found.trees.set(path, undefined);
  for (const child of node.below.values()) markAbsent(walk, child);
}

/** Everything below a path: what is missing is asked for as a whole. */
async function coverBelow(walk: Walk, { oid, path, depth }: Place): Promise<void> {
  const { options, found } = walk;
  checkDepth(depth, path, options.limits);
  const tree = await options.held.get(oid);
  if (!tree) {
    found.whole.add(oid);
    return;
  }
  for (const entry of plainEntries(directoryEntries(tree, path, options.limits), path)) {
    const place = path === '' ? entry.name : `${path}/${entry.name}`;
    checkCount(++found.entries, place, options.limits);
    if (entry.kind === 'directory') await coverBelow(walk, { oid: entry.oid, path: place, depth: depth + 1 });
    else await coverFile(walk, entry.oid);
  }
}

async function coverFile({ options, found }: Walk, oid: string): Promise<void> {
  if (!(await options.held.has(oid))) found.whole.add(oid);
}

function directoryEntries(tree: GitObject, path: string, limits: GitLimits): TreeEntry[] {
  return parseTree(requireType(tree, 'tree', path || '/').content, path, limits);
}
