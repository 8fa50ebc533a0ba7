import type { Fault } from '@flotilla/foundation';
import { gitFault } from '../git-faults.ts';
import { printable } from '../printable.ts';
import type { RemoteUrl } from './remote-url.ts';

/** Which of the two programs of a host is spoken to: the one that gives, or the one that takes. */
export type GitService = 'git-upload-pack' | 'git-receive-pack';

export const infoRefs = infoRefsOf('git-upload-pack');

export function infoRefsOf(service: GitService): string {
  return `/info/refs?service=${service}`;
}

/**
 * Where a repository lives on its own host, when the host says so by a redirect of `info/refs`. Any other place is
 * refused, and nothing is sent there: not the credential, and not a request without it either.
 */
export function redirectedBase({ origin, path }: RemoteUrl, location: unknown, service: GitService): string {
  const asked = infoRefsOf(service);
  const target = typeof location === 'string' ? URL.parse(location, origin + path + asked) : null;
  if (!target) throw redirectRefused(origin + path, 'it redirects to no clear place');
  if (target.origin !== origin) {
    const place = printable(target.origin === 'null' ? target.protocol : target.origin);
    throw redirectRefused(origin + path, `it redirects to ${place}; if that is right, use its URL`);
  }
  if (target.username || target.password) throw redirectRefused(origin + path, 'it redirects with a password');
  const place = target.pathname + target.search;
  if (place.endsWith(asked)) return place.slice(0, -asked.length);
  throw redirectRefused(origin + path, 'it redirects to a page that is not Git, as for a sign-in');
}

export function redirectRefused(url: string, why: string): Fault {
  return gitFault('GitRedirectRefused', { message: `${url} was not followed: ${why}`, subject: url });
}
