import { done, refused, type Outcome } from '@flotilla/foundation';
import { tokenId, type ApiToken } from './api-token.ts';
import type { RevokeOrder } from './tokens.port.ts';

/** Which of the tokens that stand an order takes away: the one of this id, or else all of this name. */
export function planRevoke(
  standing: readonly ApiToken[],
  { token: which, project }: Pick<RevokeOrder, 'token' | 'project'>,
): Outcome<readonly ApiToken[], 'missing' | 'locks-out'> {
  const own = standing.filter((token) => project === undefined || token.project === project);
  const called = own.filter(({ hash }) => tokenId(hash) === which);
  const going = called.length > 0 ? called : own.filter(({ name }) => name === which);
  if (going.length === 0) return refused('missing');
  return locksOut(standing, going) ? refused('locks-out') : done(going);
}

/**
 * Whether the last one who can make all others would go: an admin of everything whose token has no end. As long as one
 * is left, no passing of time locks anybody out either.
 */
function locksOut(standing: readonly ApiToken[], going: readonly ApiToken[]): boolean {
  return going.some(isLasting) && !standing.some((token) => isLasting(token) && !going.includes(token));
}

function isLasting({ permission, project, expiresAt }: ApiToken): boolean {
  return permission === 'admin' && project === undefined && expiresAt === undefined;
}
