import { operations, type TokenView } from '@flotilla/contracts';
import { ageColumn, ageText, sinceText, toneOf } from './cells.ts';
import { defineNoun } from './noun.ts';

/** An API token: whose word it is and how far it goes. A person may have several, so a token is named by its id. */
export const token = defineNoun<TokenView>({
  singular: 'token',
  plural: 'tokens',
  short: ['tok'],
  endless: true,
  outsideProjects: true,
  columns: [
    { header: 'ID', text: ({ metadata }) => metadata.uid },
    { header: 'NAME', text: ({ metadata }) => metadata.name },
    { header: 'PERMISSION', text: ({ spec }) => spec.permission },
    { header: 'PROJECT', text: ({ spec }) => spec.project ?? '*' },
    { header: 'STATE', text: ({ status }) => status.state, tone: ({ status }) => toneOf(status.state) },
    { header: 'EXPIRES', moving: true, text: ({ spec }, now) => sinceText(spec.expiresAt, now) ?? 'never' },
    { header: 'USED', moving: true, text: ({ status }, now) => ageText(status.lastUsedAt, now) },
    { header: 'BY', wide: true, text: ({ status }) => status.createdBy ?? '' },
    { header: 'REVOKED', wide: true, moving: true, text: ({ status }, now) => ageText(status.revokedAt, now) },
    { header: 'REVOKED BY', wide: true, text: ({ status }) => status.revokedBy ?? '' },
    ageColumn,
  ],
  filters: {},
  nameOf: ({ metadata }) => metadata.uid,
  uidOf: ({ metadata }) => metadata.uid,
  list: ({ client }, query) => client.list(operations.listTokens, { query }),
});

/** How far a token goes, in words. */
export function reachText({ spec }: TokenView): string {
  return `${spec.permission} in ${spec.project === undefined ? 'every project' : `project ${spec.project}`}`;
}
