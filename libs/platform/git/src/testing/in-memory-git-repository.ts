import { gitLimits } from '../git-limits.ts';
import type { GitRef } from '../git-remote.ts';
import type { PushOptions } from '../git-writer.ts';
import { pathSegments } from '../objects/git-path.ts';
import { gitObject, type GitObject, type GitObjectType } from '../objects/git-object.ts';
import { parseCommit } from '../objects/parse-commit.ts';
import { parseTree, type TreeEntry } from '../objects/parse-tree.ts';
import type { PushReport } from '../protocol/receive-pack.ts';
import { inTreeOrder, treeObject } from './tree-writer.ts';

/** Texts by path; `undefined` removes the file. */
export type FileChanges = Readonly<Record<string, string | Uint8Array | undefined>>;

export interface InMemoryCommitOptions {
  readonly branch?: string;
  readonly message?: string;
  /** Milliseconds since the epoch. */
  readonly at?: number;
  /** The name of whoever wrote it. */
  readonly author?: string;
}

const author = 'Fleet Demo <demo@flotilla.example>';
const startMs = Date.UTC(2026, 0, 1);

/** A repository of real Git objects in memory: what it holds has the ids that `git` would give it. */
export class InMemoryGitRepository {
  readonly #objects = new Map<string, GitObject>();
  readonly #refs = new Map<string, string>();
  readonly #protected = new Map<string, string>();

  /** Commits on a branch, `main` unless named, and gives the commit. */
  commit(changes: FileChanges, options: InMemoryCommitOptions = {}): string {
    const ref = `refs/heads/${options.branch ?? 'main'}`;
    const parent = this.#refs.get(ref);
    const tree = this.#changeTree(parent ? this.#treeOf(parent) : undefined, changeNode(changes));
    const commit = this.commitTree(tree ?? this.writeTree([]), { ...options, ...(parent && { parent }) });
    this.#refs.set(ref, commit);
    return commit;
  }

  /** A commit of a tree as it is, on no branch yet. */
  commitTree(tree: string, options: Omit<InMemoryCommitOptions, 'branch'> & { parent?: string } = {}): string {
    const { message = 'change', at = startMs, parent, author: name } = options;
    const person = name === undefined ? author : `${name} <${name}@flotilla.example>`;
    const stamp = `${person} ${Math.floor(at / 1000)} +0000`;
    const head = [`tree ${tree}`, ...(parent ? [`parent ${parent}`] : []), `author ${stamp}`, `committer ${stamp}`];
    return this.write('commit', Buffer.from(`${head.join('\n')}\n\n${message}`));
  }

  writeTree(entries: readonly TreeEntry[]): string {
    return this.#put(treeObject(entries));
  }

  write(type: GitObjectType, content: Uint8Array | string): string {
    return this.#put(gitObject(type, Buffer.from(content)));
  }

  /** Tags a commit; with a message, the tag is an object of its own, whose id is given. */
  tag(name: string, options: { commit: string; message?: string }): string {
    const { commit, message } = options;
    const text = `object ${commit}\ntype commit\ntag ${name}\ntagger ${author} ${startMs / 1000} +0000\n\n${message}\n`;
    const target = message === undefined ? commit : this.write('tag', text);
    this.#refs.set(`refs/tags/${name}`, target);
    return target;
  }

  /** Points a branch at any commit, as a forced push does. */
  rewind(branch: string, commit: string): void {
    this.#refs.set(`refs/heads/${branch}`, commit);
  }

  deleteBranch(branch: string): void {
    this.#refs.delete(`refs/heads/${branch}`);
  }

  /** The commits of a branch, the newest first, as far as first parents lead. */
  history(branch: string): string[] {
    const commits: string[] = [];
    for (let next = this.#refs.get(`refs/heads/${branch}`); next !== undefined;) {
      commits.push(next);
      [next] = parseCommit(next, this.#objects.get(next)!.content).parents;
    }
    return commits;
  }

  /** Has pushes to a branch refused with these words, as a protected branch or a hook does. */
  protect(branch: string, why: string): void {
    this.#protected.set(`refs/heads/${branch}`, why);
  }

  /** Takes a push as a host does: the ref has to point where whoever pushes believes. */
  receive({ ref, before, commit }: PushOptions): PushReport {
    const refusal = this.#protected.get(ref);
    if (refusal !== undefined) return { taken: false, why: refusal };
    if (this.#refs.get(ref) !== before) return { taken: false, why: 'incorrect old value provided' };
    for (const object of commit.objects) this.#put(object);
    this.#refs.set(ref, commit.id);
    return { taken: true };
  }

  /** Loses an object, as a damaged host does. */
  drop(oid: string): void {
    this.#objects.delete(oid);
  }

  object(oid: string): GitObject | undefined {
    return this.#objects.get(oid);
  }

  refs(): GitRef[] {
    const branches = [...this.#refs].map(([name, oid]) => this.#peeled(name, oid));
    const main = branches.find(({ name }) => name === 'refs/heads/main');
    return main ? [{ name: 'HEAD', commit: main.commit, target: main.name }, ...branches] : branches;
  }

  #peeled(name: string, oid: string): GitRef {
    const object = this.#objects.get(oid);
    if (object?.type !== 'tag') return { name, commit: oid };
    return { name, commit: Buffer.from(object.content).toString('utf8').slice('object '.length, 47), tag: oid };
  }

  #treeOf(commit: string): string {
    return parseCommit(commit, this.#objects.get(commit)!.content).tree;
  }

  /** Applies changes to one directory; a directory that is empty afterwards does not exist. */
  #changeTree(oid: string | undefined, change: ChangeNode): string | undefined {
    const current = oid ? parseTree(this.#objects.get(oid)!.content, '', gitLimits) : [];
    const entries = new Map(current.map((entry) => [entry.name, entry]));
    for (const [name, content] of change.files) if (content === undefined) entries.delete(name);
    for (const [name, below] of change.below) {
      const known = entries.get(name);
      const tree = this.#changeTree(known?.mode === '40000' ? known.oid : undefined, below);
      if (tree) entries.set(name, { mode: '40000', name, oid: tree });
      else entries.delete(name);
    }
    for (const [name, content] of change.files) {
      if (content !== undefined) entries.set(name, { mode: '100644', name, oid: this.write('blob', content) });
    }
    return entries.size === 0 ? undefined : this.writeTree(inTreeOrder([...entries.values()]));
  }

  #put(object: GitObject): string {
    this.#objects.set(object.oid, object);
    return object.oid;
  }
}

interface ChangeNode {
  readonly files: Map<string, string | Uint8Array | undefined>;
  readonly below: Map<string, ChangeNode>;
}

function changeNode(changes: FileChanges): ChangeNode {
  const root: ChangeNode = { files: new Map(), below: new Map() };
  for (const [path, content] of Object.entries(changes)) {
    const segments = pathSegments(path);
    const name = segments.pop()!;
    let node = root;
    for (const segment of segments) {
      const child = node.below.get(segment) ?? { files: new Map(), below: new Map() };
      node.below.set(segment, child);
      node = child;
    }
    node.files.set(name, content);
  }
  return root;
}
