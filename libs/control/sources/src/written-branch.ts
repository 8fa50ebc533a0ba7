import { Fault, type FaultCode } from '@flotilla/foundation';
import type { GitWriter, GitWriters } from './git-writer.port.ts';
import { plainLine } from './plain-line.ts';
import type { StoredRepository } from './repositories.port.ts';

/** A branch that something is written to, by the names that people know. */
export interface WrittenBranch {
  readonly project: string;
  /** The name of the Repository document. */
  readonly repository: string;
  readonly branch: string;
}

/** How often what a person has to end is looked at, where nothing else is said. */
export const lookAgainMs = 300_000;
const whyMax = 500;

/** The repository of a branch with the credential that may write; a fault where its document names none. */
export async function openToWrite(
  writers: GitWriters,
  at: WrittenBranch,
  { uid, document }: StoredRepository,
): Promise<GitWriter> {
  const { url, write } = document.spec;
  if (write) return writers.openToWrite({ uid, project: at.project, url, credential: write.credential });
  const message = `repository ${at.repository} has no spec.write; name a credential there`;
  throw inTheWay(at, { code: 'invalid', reason: 'WriteNotAllowed', message });
}

/** Where a branch is now; a fault where it is not there. */
export async function headOf(at: WrittenBranch, writer: GitWriter, signal: AbortSignal): Promise<string> {
  const [head] = await writer.listRefs({ names: [refOf(at.branch)], signal });
  if (head) return head.commit;
  const message = `branch ${at.branch} does not exist in repository ${at.repository}; push it`;
  throw inTheWay(at, { code: 'not-found', reason: 'RefMissing', message });
}

export function refOf(branch: string): string {
  return `refs/heads/${branch}`;
}

/** The host said no; `otherwise` is what helps as well as a credential that may push there. */
export function pushRefused(at: WrittenBranch, why: string, otherwise = ''): Fault {
  const said = plainLine(why, whyMax);
  const message = `the Git host does not take a push to ${at.branch} of ${at.repository}: ${said}; let the credential push there${otherwise}`;
  return inTheWay(at, { code: 'forbidden', reason: 'PushRefused', message });
}

/** Others were faster; whoever comes again builds on what is there by then. */
export function branchMoved(at: WrittenBranch, afterMs: number): Fault {
  const message = `somebody else pushed to ${at.branch} of ${at.repository} meanwhile`;
  return inTheWay(at, { code: 'conflict', reason: 'BranchMoved', message, afterMs });
}

interface Trouble {
  readonly code: FaultCode;
  readonly reason: string;
  readonly message: string;
  readonly afterMs?: number;
}

/** Looked at again in any case: who changes a document, a credential or a branch does not tell whoever waits for it. */
export function inTheWay(
  { project, repository }: Omit<WrittenBranch, 'branch'>,
  { afterMs = lookAgainMs, ...trouble }: Trouble,
): Fault {
  const subject = `Repository ${project}/${repository}`;
  return new Fault({ ...trouble, subject, consequence: { kind: 'retry', afterMs } });
}
