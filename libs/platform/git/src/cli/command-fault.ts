import type { Fault } from '@flotilla/foundation';
import { gitFault, type GitFaultReason } from '../git-faults.ts';
import { faultOfStatus } from '../http/status-faults.ts';
import { printable } from '../printable.ts';

/** What the command says when it fails, in the order in which it is looked for. Its language is set to English. */
const sayings: readonly (readonly [RegExp, GitFaultReason])[] = [
  [/not our ref/, 'GitCommitNotFound'],
  [/mismatched algorithms|unknown object format/, 'GitObjectFormatUnsupported'],
  [/Authentication failed|could not read (Username|Password)/, 'GitCredentialsRefused'],
  [/repository '.*' not found/, 'GitRepositoryNotFound'],
  [/Could not resolve host|Failed to connect|Connection refused|Couldn't connect/, 'GitHostUnreachable'],
  [/SSL|TLS|certificate/i, 'GitTlsRefused'],
  [/timed out|Operation too slow/, 'GitTimeout'],
  [/is this a git repository|invalid server response/, 'GitAnswerNotGit'],
  [/early EOF|hung up unexpectedly|RPC failed|transfer closed|unexpected disconnect/, 'GitPackTruncated'],
];

/** The fault that a failed `git` command means. Its own words were scrubbed of secrets before they come here. */
export function commandFault(printed: string, url: string): Fault {
  const errors = withoutTrace(printed);
  const status = Number(/returned error: (\d{3})/.exec(errors)?.[1] ?? 0);
  if (status >= 300 && status < 400) {
    const message = `${url} was not followed: it redirects; use the URL that it redirects to`;
    return gitFault('GitRedirectRefused', { message, subject: url });
  }
  if (status >= 400) return faultOfStatus({ status, url, retryAfterMs: undefined });
  const reason = sayings.find(([pattern]) => pattern.test(errors))?.[1] ?? 'GitCommandFailed';
  return gitFault(reason, { message: `git cannot read ${url}: ${printable(errors.trim(), 300)}`, subject: url });
}

/**
 * Whether the host was spoken to in version 2, as the trace says. Without it the command may have taken a page for
 * people as the listing of a host that only serves files, and an empty one would read as "every ref is gone".
 */
export function spokeVersion2(printed: string): boolean {
  return printed.includes('"key":"negotiated-version","value":"2"');
}

function withoutTrace(printed: string): string {
  const lines = printed.split('\n').filter((line) => !line.startsWith('{'));
  return lines.join('\n');
}
