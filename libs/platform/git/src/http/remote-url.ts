import { gitFault } from '../git-faults.ts';
import { printable } from '../printable.ts';

/** The address of a repository, checked: https, or http on this machine, and nothing in it that belongs elsewhere. */
export interface RemoteUrl {
  readonly origin: string;
  /** Without a slash at its end. */
  readonly path: string;
}

/** Reads the URL of a remote, or says what is wrong with it. Nothing is connected to here. */
export function parseRemoteUrl(text: string): RemoteUrl {
  const url = URL.parse(text);
  const problem = url ? urlProblem(url) : 'is not a URL';
  if (!url || problem) {
    // The text may hold a password, so only its harmless parts are repeated.
    const subject = url ? `${url.protocol}//${url.host}${url.pathname}` : 'the repository URL';
    throw gitFault('GitUrlRefused', {
      message: `the URL of the repository ${problem}; write https://host/path.git`,
      subject,
    });
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
}

/** Whether a host name means this machine by its very spelling, whatever a name server may say. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '::1' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function urlProblem(url: URL): string | undefined {
  if (url.username || url.password) return 'must not carry a user or a password; give a credential instead';
  if (url.search || url.hash) return 'must not carry a query or a fragment';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return `must be https, not ${printable(url.protocol.replace(':', ''), 20)}`;
  return isLoopbackHost(url.hostname) ? undefined : 'must be https; plain http is for this machine only';
}
