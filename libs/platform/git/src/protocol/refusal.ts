import { gitFault } from '../git-faults.ts';
import { printable } from '../printable.ts';

/** Raises what a host says in the protocol itself: an `ERR` line, or a message on the error channel. */
export function raiseRefusal(text: string, scrub: (text: string) => string): never {
  const unknown = /not our ref ([0-9a-f]{40})/.exec(text);
  if (unknown) {
    throw gitFault('GitCommitNotFound', {
      message: `the repository does not have ${unknown[1]}; it may have been removed by a forced push`,
      subject: unknown[1]!,
    });
  }
  throw gitFault('GitHostRefused', { message: `the Git host says: ${printable(scrub(text).trim())}` });
}

/** Raises the refusal if the line is one; every place where the host may speak passes its lines through here. */
export function checkLine(line: string, scrub: (text: string) => string): string {
  if (line.startsWith('ERR ')) raiseRefusal(line.slice('ERR '.length), scrub);
  return line;
}
