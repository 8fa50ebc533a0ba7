import type { GitWriter, NewCommit } from '../git-writer.port.ts';
import type { StoredRepository } from '../repositories.port.ts';
import { branchMoved, headOf, pushRefused, refOf } from '../written-branch.ts';
import { findEarlier } from './find-earlier.ts';
import type { GitHost, PullRequest } from './git-hosts.port.ts';
import { goodFiles, mergeFiles, type ThreeSides } from './merge-files.ts';
import { conflictOf, hostMissing } from './repair-faults.ts';
import { placeOf } from './repair-places.ts';
import { pullRequestBody, repairTitle } from './repair-text.ts';
import type { Repair, RepairProgress, Repairs } from './repairs.port.ts';
import { readSides, revertCommit } from './revert-commit.ts';

/** One look at one repair. */
export interface Writing {
  readonly repair: Repair;
  readonly repository: StoredRepository;
  readonly repairs: Repairs;
  readonly writer: GitWriter;
  readonly host: GitHost | undefined;
  readonly signal: AbortSignal;
}

/** Somebody pushed meanwhile: the next look builds on what is there now. */
const raceMs = 200;
const orPullRequest = ', or name spec.host for a pull request';

/** Reads the branch, decides what has to become of it, and writes that, or proposes it. */
export async function writeRepair(writing: Writing): Promise<RepairProgress> {
  const { repairs, repair, writer, signal } = writing;
  const head = await headOf(repair, writer, signal);
  await repairs.begin(repair.uid);
  const earlier = repair.attempts > 0 ? await findEarlier({ writer, repair, head, signal }) : undefined;
  if (earlier) return { state: 'Pushed', revert: earlier };
  const sides = await readSides(writing, head);
  const merged = mergeFiles(sides);
  if (merged.kind === 'conflict') return proposeConflict(writing, { head, sides, conflicts: merged.conflicts });
  const commit = await revertCommit(writing, head, merged.changes);
  if (!commit) return { state: 'Merged', revert: head };
  return writing.repository.document.spec.write?.mode === 'pullRequest'
    ? propose(writing, commit, [])
    : push(writing, commit);
}

async function push(writing: Writing, commit: NewCommit): Promise<RepairProgress> {
  const { repair, writer, host, signal } = writing;
  const outcome = await writer.push({ ref: refOf(repair.branch), before: commit.parent, commit, signal });
  switch (outcome.kind) {
    case 'done':
      return { state: 'Pushed', revert: commit.id };
    case 'moved':
      throw branchMoved(repair, raceMs);
    case 'refused':
      if (host) return propose(writing, commit, []);
      throw pushRefused(repair, outcome.why, orPullRequest);
  }
}

/** The branch carries what was good; what a person has to decide stands in the pull request, or in the repair itself. */
async function proposeConflict(
  writing: Writing,
  { head, sides, conflicts }: { head: string; sides: ThreeSides; conflicts: readonly string[] },
): Promise<RepairProgress> {
  const commit = writing.host && (await revertCommit(writing, head, goodFiles(sides)));
  if (commit) return propose(writing, commit, conflicts);
  return { state: 'Conflict', conflicts, error: conflictOf(conflicts) };
}

async function propose(writing: Writing, commit: NewCommit, conflicts: readonly string[]): Promise<RepairProgress> {
  const { repair, writer, host, signal } = writing;
  if (!host) throw hostMissing(repair);
  const { branch, into } = placeOf(repair);
  const outcome = await writer.push({ ref: refOf(branch), before: undefined, commit, signal });
  if (outcome.kind === 'refused') throw pushRefused({ ...repair, branch }, outcome.why, orPullRequest);
  // A branch of this name is there already: an earlier look made it, for the same repair.
  const revert = outcome.kind === 'moved' ? outcome.commit : commit.id;
  const request = await host.openPullRequest(
    { branch, into, title: repairTitle(repair), body: pullRequestBody(repair, conflicts) },
    signal,
  );
  return afterRequest({ ...repair, conflicts, ...(revert && { revert }) }, request);
}

/** What a pull request says of its repair. */
export function afterRequest({ revert, conflicts }: Repair, { url, state }: PullRequest): RepairProgress {
  const where = { url, conflicts, ...(revert && { revert }) };
  switch (state) {
    case 'open':
      return { state: 'PullRequestOpen', ...where };
    case 'merged':
      return { state: 'Merged', ...where };
    case 'closed':
      return { state: 'Failed', ...where, error: { code: 'PullRequestClosed', message: `${url} was closed unmerged` } };
  }
}
