import { Fault, type FaultCode } from '@flotilla/foundation';
import type { Reason } from '@flotilla/model';
import type { Repair } from './repairs.port.ts';

/** How often a pull request, or something that a person has to end, is looked at. */
export const lookAgainMs = 300_000;
/** Somebody pushed meanwhile: the next look builds on what is there now. */
const raceMs = 200;

export function movedOn(repair: Repair): Fault {
  const message = `somebody pushed to ${repair.branch} meanwhile`;
  return faultOf(repair, { code: 'conflict', reason: 'BranchMoved', message, afterMs: raceMs });
}

export function branchMissing(repair: Repair): Fault {
  const message = `branch ${repair.branch} does not exist in repository ${repair.repository}; push it, or mend Git by hand`;
  return faultOf(repair, { code: 'not-found', reason: 'RefMissing', message });
}

export function writeNotAllowed(repair: Repair): Fault {
  const message = `repository ${repair.repository} has no spec.write, so Git still says what was rolled back; name a credential there, or take it back by hand`;
  return faultOf(repair, { code: 'invalid', reason: 'WriteNotAllowed', message });
}

export function pushRefused(repair: Repair, branch: string, why: string): Fault {
  const message = `the Git host does not take a push to ${branch}: ${why}; let the credential push there, or name spec.host for a pull request`;
  return faultOf(repair, { code: 'forbidden', reason: 'PushRefused', message });
}

export function hostMissing(repair: Repair): Fault {
  const message = `repository ${repair.repository} wants a pull request and names no spec.host to open one`;
  return faultOf(repair, { code: 'invalid', reason: 'HostMissing', message });
}

export function conflictOf(conflicts: readonly string[]): Reason {
  const [first = '', ...others] = conflicts;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return { code: 'RepairConflict', message: `${first}${more} changed after the bad revision as well; decide in Git` };
}

/** What only a person can end is looked at again all the same: Git may be mended by hand, and nobody says so. */
export function lookedAtAgain(error: unknown): unknown {
  if (!(error instanceof Fault) || error.consequence.kind === 'retry') return error;
  const { code, reason, message, subject } = error;
  const consequence = { kind: 'retry', afterMs: lookAgainMs } as const;
  return new Fault({ code, reason, message, consequence, cause: error, ...(subject && { subject }) });
}

interface Trouble {
  readonly code: FaultCode;
  readonly reason: string;
  readonly message: string;
  readonly afterMs?: number;
}

/** Looked at again in any case: who changes a document, a credential or a branch does not tell repairs of it. */
function faultOf({ project, repository }: Repair, { afterMs = lookAgainMs, ...trouble }: Trouble): Fault {
  const subject = `Repository ${project}/${repository}`;
  return new Fault({ ...trouble, subject, consequence: { kind: 'retry', afterMs } });
}
