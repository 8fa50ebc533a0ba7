import type { SimRequest, SimUser } from '../sim-request.ts';

const administrator: SimUser = { name: 'kubesim:administrator', groups: ['system:masters', 'system:authenticated'] };

/** Who a request counts as, and who sent it. */
export interface Identity {
  readonly user: SimUser;
  /** Who acts as the user, when that is somebody else. */
  readonly actingAs: SimUser | undefined;
}

export function identityOf({ user = administrator, headers }: SimRequest): Identity {
  const name = headers['impersonate-user'];
  if (!name) return { user, actingAs: undefined };
  const groups = (headers['impersonate-group'] ?? '')
    .split(',')
    .map((group) => group.trim())
    .filter(Boolean);
  return { user: { name, groups: [...groups, 'system:authenticated'] }, actingAs: user };
}
