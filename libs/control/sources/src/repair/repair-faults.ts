import { Fault } from '@flotilla/foundation';
import type { Reason } from '@flotilla/model';
import { inTheWay, lookAgainMs } from '../written-branch.ts';
import type { Repair } from './repairs.port.ts';

export function hostMissing(repair: Repair): Fault {
  const message = `repository ${repair.repository} wants a pull request and names no spec.host to open one`;
  return inTheWay(repair, { code: 'invalid', reason: 'HostMissing', message });
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
