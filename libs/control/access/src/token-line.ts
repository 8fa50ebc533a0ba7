import { isoTime } from '@flotilla/foundation';
import { defaultProject, type Actor } from '@flotilla/model';
import { tokenId, type ApiToken } from './api-token.ts';
import type { LedgerEvent } from './ledger.ts';

/** What the ledger says of a token that was made or revoked. One for every project stands in the default one. */
export function tokenLine(verb: 'create' | 'revoke', token: ApiToken, actor: Actor): LedgerEvent {
  const { hash, name, permission, project, expiresAt } = token;
  const place = project ?? defaultProject;
  const where = project === undefined ? 'every project' : `project ${project}`;
  const end = expiresAt ? `, until ${isoTime(expiresAt.getTime())}` : '';
  const message = `token ${tokenId(hash)} of ${name}: ${permission} in ${where}${end}`;
  return { project: place, actor, action: `token.${verb}`, subject: `Token ${place}/${name}`, message };
}
