import type { GitWriter, NewCommit } from '../git-writer.port.ts';
import type { FileChanges, ThreeSides } from './merge-files.ts';
import { repairMessage } from './repair-text.ts';
import type { Repair } from './repairs.port.ts';

interface Reverting {
  readonly repair: Repair;
  readonly writer: GitWriter;
  readonly signal: AbortSignal;
}

/** What is below the paths of a repair: when all was well, when it was not, and now. */
export async function readSides({ writer, repair, signal }: Reverting, head: string): Promise<ThreeSides> {
  const { paths, goodRevision, badRevision } = repair;
  const list = (commit: string) => writer.list({ commit, paths, signal });
  return { bad: await list(badRevision), head: await list(head), good: await list(goodRevision) };
}

/** Of the same head always the same commit: a push whose answer was lost is the same push when it is sent again. */
export function revertCommit(
  { writer, repair, signal }: Reverting,
  head: string,
  changes: FileChanges,
): Promise<NewCommit | undefined> {
  const at = repair.createdAt.getTime();
  const { name } = repair.actor;
  return writer.commitFiles({
    head,
    changes,
    message: repairMessage(repair),
    author: { name, email: emailOf(name), at },
    committer: { name: 'Flotilla', email: emailOf('flotilla'), at },
    signal,
  });
}

/** Nobody's address: a name that is one is taken as it is, and `invalid` belongs to no one. */
function emailOf(name: string): string {
  return /^[^\s@<>]+@[^\s@<>]+$/.test(name) ? name : `${name.replaceAll(/[^\w.-]+/g, '-')}@flotilla.invalid`;
}
