import { Fault } from '@flotilla/foundation';
import type { KubeHeaders } from '../transport/kube-transport.port.ts';

/** Whom a request acts as, instead of the one who connected. */
export interface Identity {
  readonly user: string;
  readonly uid?: string;
  /** A service account needs none: the API server adds its groups. */
  readonly groups?: readonly string[];
}

/** A ServiceAccount, as the API server names it when it is impersonated. */
export function serviceAccountIdentity(namespace: string, name: string): Identity {
  return { user: `system:serviceaccount:${namespace}:${name}` };
}

/**
 * The headers of impersonation. An identity with an empty part is refused, never sent and never left out: a header
 * that is missing would mean our own, larger rights.
 */
export function impersonationHeaders({ user, uid, groups = [] }: Identity): KubeHeaders {
  for (const part of [user, ...(uid === undefined ? [] : [uid]), ...groups]) checkPart(part);
  if (user.startsWith('system:serviceaccount:') && !/^system:serviceaccount:[^:]+:[^:]+$/.test(user)) {
    throw identityRefused(`\`${user}\` is not a whole service account; it needs a namespace and a name`);
  }
  return {
    'impersonate-user': user,
    ...(uid !== undefined && { 'impersonate-uid': uid }),
    ...(groups.length > 0 && { 'impersonate-group': groups }),
  };
}

function checkPart(part: string): void {
  if (part.trim() === '') throw identityRefused('an empty identity was given; name a user or service account');
  // Anything else could end a header and begin another.
  if (!/^[\x20-\x7e]+$/.test(part)) throw identityRefused('an identity may hold printable ASCII characters only');
}

function identityRefused(why: string): Fault {
  return new Fault({ code: 'invalid', reason: 'IdentityRefused', message: `will not act for somebody else: ${why}` });
}
