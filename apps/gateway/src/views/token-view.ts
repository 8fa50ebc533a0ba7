import type { TokenView } from '@flotilla/contracts';
import { tokenId, tokenState, type ApiToken } from '@flotilla/control-access';
import { optionalTime, wireTime } from './metadata.ts';

export function tokenView(token: ApiToken, now: number): TokenView {
  const { hash, name, permission, project, createdAt, createdBy, revokedBy } = token;
  return {
    kind: 'Token',
    metadata: { uid: tokenId(hash), name, createdAt: wireTime(createdAt) },
    spec: { permission, ...(project !== undefined && { project }), ...optionalTime('expiresAt', token.expiresAt) },
    status: {
      state: tokenState(token, now),
      ...(createdBy !== undefined && { createdBy }),
      ...optionalTime('lastUsedAt', token.lastUsedAt),
      ...optionalTime('revokedAt', token.revokedAt),
      ...(revokedBy !== undefined && { revokedBy }),
    },
  };
}
