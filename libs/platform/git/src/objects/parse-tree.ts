import { gitFault } from '../git-faults.ts';
import type { GitLimits } from '../git-limits.ts';

/** One line of a directory, exactly as the tree object says it: neither its name nor its mode was judged yet. */
export interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

const idBytes = 20;

/**
 * Reads a tree object. `place` is the path of the directory, for messages. Bytes that are not UTF-8 become U+FFFD in the
 * name, which `plainEntries` refuses; whoever writes the directory again reads one character a byte, as `latin1`.
 */
export function parseTree(
  content: Uint8Array,
  place: string,
  limits: GitLimits,
  encoding: 'utf8' | 'latin1' = 'utf8',
): TreeEntry[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const end = space < 0 ? -1 : bytes.indexOf(0, space + 1);
    if (end < 0 || end + 1 + idBytes > bytes.length) throw malformed(place);
    if (entries.length >= limits.treeEntriesMax) throw tooLarge(place, limits);
    entries.push({
      mode: bytes.toString('latin1', at, space),
      name: bytes.toString(encoding, space + 1, end),
      oid: bytes.toString('hex', end + 1, end + 1 + idBytes),
    });
    at = end + 1 + idBytes;
  }
  return entries;
}

function malformed(place: string) {
  return gitFault('GitTreeMalformed', {
    message: 'a directory of the repository is not a readable git tree; write the directory again in a new commit',
    subject: place || '/',
  });
}

function tooLarge(place: string, limits: GitLimits) {
  return gitFault('GitTreeTooLarge', {
    message: `a directory has more than ${limits.treeEntriesMax} entries; split it`,
    subject: place || '/',
  });
}
