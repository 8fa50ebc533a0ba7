import type { DocumentView } from '@flotilla/contracts';
import { shortCommit, type RepositoryDocument } from '@flotilla/model';
import { ageColumn, ageText, nameColumn } from './cells.ts';
import { documentNoun, ownerColumn, problemColumn } from './document.ts';

/** A Git remote. */
export const repository = documentNoun({
  kind: 'Repository',
  short: ['repo', 'repos'],
  columns: [
    nameColumn,
    { header: 'URL', text: ({ spec }) => (spec as RepositoryDocument['spec']).url },
    { header: 'REFS', text: refsText },
    { header: 'SEEN', moving: true, text: (item, now) => ageText(lastSeenAt(item), now) },
    ownerColumn,
    ageColumn,
    problemColumn,
  ],
});

function refsText({ status }: DocumentView): string {
  const refs = (status.refs ?? []).map(
    ({ ref, commit }) => `${ref.replace(/^refs\/(heads|tags)\//, '')}@${shortCommit(commit)}`,
  );
  return refs.length > 3 ? `${refs.slice(0, 3).join(',')} and ${refs.length - 3} more` : refs.join(',');
}

function lastSeenAt({ status }: DocumentView): string | undefined {
  return (status.refs ?? [])
    .map(({ seenAt }) => seenAt)
    .toSorted()
    .at(-1);
}
