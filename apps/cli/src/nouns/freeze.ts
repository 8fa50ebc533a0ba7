import type { DocumentView } from '@flotilla/contracts';
import { acknowledgedText, selectorText, type FreezeDocument } from '@flotilla/model';
import { ageColumn, nameColumn, toneOf } from './cells.ts';
import { documentNoun, ownerColumn } from './document.ts';

/** Nobody deploys here until lifted: who ordered it, whom it is about, and how many of its clusters keep it. */
export const freeze = documentNoun({
  kind: 'Freeze',
  short: ['fz'],
  columns: [
    nameColumn,
    { header: 'STATE', text: ({ status }) => status.freeze?.state ?? '', tone: ({ status }) => stateTone(status) },
    { header: 'SCOPE', text: (item) => specOf(item).scope },
    { header: 'ACKNOWLEDGED', text: ({ status }) => (status.freeze ? acknowledgedText(status.freeze) : '') },
    { header: 'UNTIL', text: (item) => specOf(item).until },
    { header: 'BY', text: ({ status }) => status.freeze?.by ?? '' },
    { header: 'REASON', text: (item) => specOf(item).reason },
    { header: 'ABOUT', wide: true, text: aboutText },
    ownerColumn,
    ageColumn,
  ],
});

function stateTone({ freeze: standing }: DocumentView['status']) {
  return standing && toneOf(standing.state);
}

function aboutText(item: DocumentView): string {
  const { applications = [], environments = [], clusters } = specOf(item);
  return [...applications, ...environments, ...(clusters ? [selectorText(clusters)] : [])].join(' ');
}

function specOf({ spec }: DocumentView): FreezeDocument['spec'] {
  return spec as FreezeDocument['spec'];
}
