import type { Fault } from '@flotilla/foundation';
import { gitFault } from '../git-faults.ts';

export interface BadStatus {
  readonly status: number;
  /** The repository's URL, which never holds a credential. */
  readonly url: string;
  readonly retryAfterMs: number | undefined;
  /** What the credential has to be allowed here. */
  readonly right?: 'read' | 'write' | 'open pull requests';
}

/** What an HTTP status other than success means for whoever tries. */
export function faultOfStatus({ status, url, retryAfterMs, right = 'read' }: BadStatus): Fault {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 401 || status === 403) {
    const message = `${url} does not accept the credential (HTTP ${status}); correct it, or allow it to ${right} here`;
    return gitFault('GitCredentialsRefused', { message, subject: url });
  }
  if (status === 404 || status === 410) {
    const message = `${url} is not there, or the credential may not see it (HTTP ${status})`;
    return gitFault('GitRepositoryNotFound', { message, subject: url });
  }
  if (status === 429) {
    return gitFault('GitHostBusy', { message: `${url} asks for patience (HTTP 429)`, subject: url, ...wait });
  }
  const reason = status >= 500 ? 'GitHostFailed' : 'GitHostRefused';
  return gitFault(reason, { message: `${url} failed (HTTP ${status})`, subject: url, ...wait });
}

const tlsCode = /^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL|HOSTNAME_MISMATCH|EPROTO)/;
const timeoutCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** What a connection that failed means. The error itself stays as the cause, for the log. */
export function faultOfConnection(error: unknown, url: string): Fault {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';
  if (timeoutCodes.has(code)) {
    return gitFault('GitTimeout', { message: `${url} did not answer in time (${code})`, subject: url, cause: error });
  }
  if (tlsCode.test(code)) {
    const message = `${url} shows a certificate that is not trusted (${code}); renew it, or give its authority`;
    return gitFault('GitTlsRefused', { message, subject: url, cause: error });
  }
  return gitFault('GitHostUnreachable', { message: `${url} cannot be reached (${code})`, subject: url, cause: error });
}
