import { Fault, type Consequence, type FaultCode } from '@flotilla/foundation';
import { printable } from './printable.ts';

/** Every way in which Git fails here, each with its code and what follows from it. The reasons are part of the port. */
const kinds = {
  GitUrlRefused: { code: 'invalid' },
  GitAddressRefused: { code: 'forbidden' },
  GitRedirectRefused: { code: 'forbidden' },
  GitCredentialsRefused: { code: 'unauthenticated', until: 'the credential is corrected' },
  GitRepositoryNotFound: { code: 'not-found', until: 'the repository exists and the credential may read it' },
  GitHostBusy: { code: 'too-many' },
  GitHostUnreachable: { code: 'unavailable' },
  GitHostFailed: { code: 'unavailable' },
  GitHostRefused: { code: 'unavailable' },
  GitTlsRefused: { code: 'unavailable' },
  GitTimeout: { code: 'timeout' },
  GitCancelled: { code: 'unavailable' },
  GitAnswerNotGit: { code: 'invalid' },
  GitAnswerMalformed: { code: 'unavailable' },
  GitProtocolUnsupported: { code: 'invalid', until: 'the host speaks protocol version 2' },
  GitObjectFormatUnsupported: { code: 'invalid', until: 'the repository uses SHA-1 object ids' },
  GitCommitInvalid: { code: 'invalid' },
  GitCommitNotFound: { code: 'not-found', retry: true },
  GitObjectMissing: { code: 'unavailable' },
  GitPackTruncated: { code: 'unavailable' },
  GitPackCorrupt: { code: 'unavailable' },
  GitPackTooLarge: { code: 'too-large' },
  GitObjectTooLarge: { code: 'too-large' },
  GitDeltaTooDeep: { code: 'too-large' },
  GitTooManyObjects: { code: 'too-large' },
  GitTooManyRefs: { code: 'too-large' },
  GitTooManyFiles: { code: 'too-large' },
  GitFilesTooLarge: { code: 'too-large' },
  GitTreeTooDeep: { code: 'too-large' },
  GitTreeTooLarge: { code: 'too-large' },
  GitCommitMalformed: { code: 'invalid' },
  GitTreeMalformed: { code: 'invalid' },
  GitPathInvalid: { code: 'invalid' },
  GitPathTaken: { code: 'conflict' },
  GitNameRefused: { code: 'invalid' },
  GitNameAmbiguous: { code: 'invalid' },
  GitModeRefused: { code: 'invalid' },
  GitSymlinkRefused: { code: 'invalid' },
  GitSubmoduleRefused: { code: 'invalid' },
  GitCommandFailed: { code: 'unavailable' },
  GitCommandMissing: { code: 'invalid', until: 'the git command is installed' },
} as const satisfies Record<string, FaultKind>;

interface FaultKind {
  readonly code: FaultCode;
  /** What a person has to do. */
  readonly until?: string;
  /** It may pass by itself, although faults of this code usually do not. */
  readonly retry?: true;
}

export type GitFaultReason = keyof typeof kinds;

export interface GitFaultDetails {
  readonly message: string;
  /** The path, ref, object or repository it failed on; it is made printable here. */
  readonly subject?: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A fault of this room. A credential, or text of a server that was not made printable, never goes into a message. */
export function gitFault(reason: GitFaultReason, details: GitFaultDetails): Fault {
  const { message, subject, cause } = details;
  const consequence = consequenceOf(reason, details.retryAfterMs);
  return new Fault({
    code: kinds[reason].code,
    reason,
    message,
    ...(subject !== undefined && { subject: printable(subject) }),
    ...(consequence && { consequence }),
    ...(cause !== undefined && { cause }),
  });
}

export function hasReason(thrown: unknown, ...reasons: readonly GitFaultReason[]): thrown is Fault {
  return thrown instanceof Fault && reasons.some((reason) => reason === thrown.reason);
}

function consequenceOf(reason: GitFaultReason, retryAfterMs: number | undefined): Consequence | undefined {
  const kind: FaultKind = kinds[reason];
  if (retryAfterMs !== undefined) return { kind: 'retry', afterMs: retryAfterMs };
  if (kind.until) return { kind: 'stall', until: kind.until };
  return kind.retry ? { kind: 'retry' } : undefined;
}
