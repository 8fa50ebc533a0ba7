import type { ListedFile } from '../git-writer.port.ts';

type Files = ReadonlyMap<string, ListedFile>;

/** What is known of the same paths at three commits. */
export interface ThreeSides {
  /** The revision that was found bad. */
  readonly bad: Files;
  /** The branch now. */
  readonly head: Files;
  /** The revision to go back to. */
  readonly good: Files;
}

/** Files that become others at the head; `undefined` takes one away. */
export type FileChanges = ReadonlyMap<string, ListedFile | undefined>;

export type MergedFiles =
  | { readonly kind: 'clean'; readonly changes: FileChanges }
  | { readonly kind: 'conflict'; readonly conflicts: readonly string[] };

/**
 * Takes back what led from the good revision to the bad one, and keeps what came after. A file that changed on both sides,
 * differently, is a conflict: which of the two counts is for a person to say, so nothing inside a file is ever merged.
 */
export function mergeFiles({ bad, head, good }: ThreeSides): MergedFiles {
  const changes = new Map<string, ListedFile | undefined>();
  const conflicts = new Set<string>();
  for (const path of new Set([...bad.keys(), ...head.keys(), ...good.keys()])) {
    const [before, now, wanted] = [bad.get(path), head.get(path), good.get(path)];
    if (isSame(before, wanted) || isSame(now, wanted)) continue;
    if (isSame(before, now)) changes.set(path, wanted);
    else conflicts.add(path);
  }
  for (const path of clashes(head, changes)) conflicts.add(path);
  return conflicts.size > 0 ? { kind: 'conflict', conflicts: [...conflicts].toSorted() } : { kind: 'clean', changes };
}

/** Exactly what was good, whatever came after. */
export function goodFiles({ head, good }: Omit<ThreeSides, 'bad'>): FileChanges {
  const paths = [...new Set([...head.keys(), ...good.keys()])].filter(
    (path) => !isSame(head.get(path), good.get(path)),
  );
  return new Map(paths.map((path) => [path, good.get(path)]));
}

/** Paths at which a file would stand where others need a directory: one side made it the one, and one the other. */
function clashes(head: Files, changes: FileChanges): string[] {
  const after = new Map<string, ListedFile | undefined>([...head, ...changes]);
  const files = new Set([...after].flatMap(([path, file]) => (file ? [path] : [])));
  return [...files].filter((path) => directoriesOf(path).some((directory) => files.has(directory)));
}

function directoriesOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function isSame(left: ListedFile | undefined, right: ListedFile | undefined): boolean {
  return left?.oid === right?.oid && left?.mode === right?.mode;
}
