import { gitFault } from '../git-faults.ts';
import { formatUnsupported } from '../protocol/capabilities.ts';

/** Accepts the full id of a SHA-1 commit and nothing that only resembles one. */
export function checkCommitId(commit: string): void {
  if (/^[0-9a-f]{40}$/.test(commit)) return;
  if (/^[0-9a-f]{64}$/.test(commit)) throw formatUnsupported('sha256');
  throw gitFault('GitCommitInvalid', { message: 'a commit is named by its full id of 40 digits', subject: commit });
}
