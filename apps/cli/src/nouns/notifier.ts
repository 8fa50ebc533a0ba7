import type { DocumentView } from '@flotilla/contracts';
import type { NotifierDocument } from '@flotilla/model';
import { ageColumn, nameColumn } from './cells.ts';
import { documentNoun, ownerColumn, problemColumn } from './document.ts';

/** Tells somebody outside of what happened. */
export const notifier = documentNoun({
  kind: 'Notifier',
  short: ['nt'],
  columns: [
    nameColumn,
    { header: 'WHEN', text: (item) => specOf(item).when.join(', ') },
    { header: 'TO', text: receiverText },
    ownerColumn,
    ageColumn,
    problemColumn,
  ],
});

function receiverText(item: DocumentView): string {
  const { webhook, slack } = specOf(item).to;
  return webhook ? webhook.url : `slack (credential ${slack?.address ?? ''})`;
}

function specOf({ spec }: DocumentView): NotifierDocument['spec'] {
  return spec as NotifierDocument['spec'];
}
