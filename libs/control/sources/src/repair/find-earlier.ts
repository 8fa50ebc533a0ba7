import type { GitWriter } from '../git-writer.port.ts';
import { isCommitOf } from './repair-text.ts';
import type { Repair } from './repairs.port.ts';

/** So many commits are looked through: what was pushed before a crash is near the head. */
const commitsMax = 50;

export interface EarlierSearch {
  readonly writer: GitWriter;
  readonly repair: Repair;
  readonly head: string;
  readonly signal: AbortSignal;
}

/**
 * The commit that an earlier look has pushed and nobody noted, if there is one. Looked for also when the files are other ones
 * by now: whoever took the repair back on purpose is not argued with.
 */
export async function findEarlier({ writer, repair, head, signal }: EarlierSearch): Promise<string | undefined> {
  let next: string | undefined = head;
  for (let count = 0; next !== undefined && count < commitsMax; count++) {
    if (next === repair.badRevision || next === repair.goodRevision) return undefined;
    const { commit } = await writer.pull({ commit: next, paths: [], files: false, signal });
    if (isCommitOf(repair.uid, commit.message)) return commit.id;
    [next] = commit.parents ?? [];
  }
  return undefined;
}
