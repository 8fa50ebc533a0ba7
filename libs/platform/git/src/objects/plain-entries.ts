import type { Fault } from '@flotilla/foundation';
import { gitFault } from '../git-faults.ts';
import { printable } from '../printable.ts';
import { pathSegments } from './git-path.ts';
import type { TreeEntry } from './parse-tree.ts';

/** What a directory may contain: directories and regular files. */
export interface PlainEntry {
  readonly kind: 'directory' | 'file';
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

const nameBytesMax = 255;

/** Invisible, bidirectional, control and private characters, and U+FFFD, which stands for bytes that are not UTF-8. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\ufffd]/u;

/** `.git` as the file systems of Windows and macOS understand it as well. */
const gitDirectory = /^(\.git|git~\d+)$/i;

/**
 * The entries of a directory, or a fault that names the first one that no manifest needs and an attacker could use.
 * Links are refused wherever they point, inside the path as well: one rule that is easy to keep.
 */
export function plainEntries(entries: readonly TreeEntry[], place: string): PlainEntry[] {
  const seen = new Map<string, string>();
  return entries.map((entry) => {
    const path = place === '' ? entry.name : `${place}/${entry.name}`;
    const problem = nameProblem(entry.name);
    if (problem) throw refusedName(path, problem);
    const twin = seen.get(folded(entry.name));
    if (twin !== undefined) throw ambiguous(path, twin);
    seen.set(folded(entry.name), entry.name);
    return plainEntry(entry, path);
  });
}

/** Refuses a path that nobody could read back, or check out: what is new in a repository has names that are plain. */
export function requirePlainPath(path: string): void {
  for (const segment of pathSegments(path)) {
    const problem = nameProblem(segment);
    if (problem) throw refusedName(path, problem);
  }
}

/** One entry on its own; what its siblings are called does not matter to it. */
export function plainEntry({ mode, name, oid }: TreeEntry, path: string): PlainEntry {
  switch (mode) {
    case '40000':
      return { kind: 'directory', mode, name, oid };
    case '100644':
    case '100755':
    // Written by very old versions of git; it means 100644.
    case '100664':
      return { kind: 'file', mode: mode === '100755' ? mode : '100644', name, oid };
    case '120000':
      throw refusedEntry('GitSymlinkRefused', path, 'is a symbolic link; put the file itself there');
    case '160000':
      throw refusedEntry('GitSubmoduleRefused', path, 'is a submodule; put the files themselves there');
    default:
      throw refusedEntry(
        'GitModeRefused',
        path,
        `has mode ${printable(mode, 20)}; only files and directories are read`,
      );
  }
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name === '.' || name === '..') return 'leads to another directory';
  if (name.includes('/') || name.includes('\\')) return 'contains a path separator';
  if (unseen.test(name)) return 'contains characters that cannot be seen or are not UTF-8';
  if (/[. ]$/.test(name)) return 'ends with a dot or a space';
  if (gitDirectory.test(name.split(':', 1)[0]!.replace(/[. ]+$/, ''))) return 'is reserved for git itself';
  if (Buffer.byteLength(name) > nameBytesMax) return `is longer than ${nameBytesMax} bytes`;
  return undefined;
}

/** Names that are one file on some file system: equal without regard to case and to the way accents are written. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function refusedName(path: string, problem: string): Fault {
  return gitFault('GitNameRefused', {
    message: `the name of "${printable(path)}" ${problem}; rename it`,
    subject: path,
  });
}

function ambiguous(path: string, twin: string): Fault {
  return gitFault('GitNameAmbiguous', {
    message: `"${printable(path)}" and its neighbour "${printable(twin)}" are one name on some file systems; rename one`,
    subject: path,
  });
}

function refusedEntry(
  reason: 'GitSymlinkRefused' | 'GitSubmoduleRefused' | 'GitModeRefused',
  path: string,
  what: string,
): Fault {
  return gitFault(reason, { message: `"${printable(path)}" ${what}`, subject: path });
}
