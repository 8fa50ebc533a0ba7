import type { DocumentView } from '@flotilla/contracts';
import type { PipelineDocument, Stage } from '@flotilla/model';
import { ageColumn, nameColumn } from './cells.ts';
import { documentNoun, ownerColumn, problemColumn } from './document.ts';

/** Stages in order: the environments that a release walks through. */
export const pipeline = documentNoun({
  kind: 'Pipeline',
  short: ['pl'],
  columns: [
    nameColumn,
    {
      header: 'STAGES',
      text: (item) =>
        stagesOf(item)
          .map(({ environment }) => environment)
          .join(' > '),
    },
    { header: 'TRACKS', wide: true, text: (item) => [...new Set(stagesOf(item).flatMap(trackText))].join(', ') },
    ownerColumn,
    ageColumn,
    problemColumn,
  ],
});

function stagesOf({ spec }: DocumentView): readonly Stage[] {
  return (spec as PipelineDocument['spec']).stages;
}

function trackText({ track }: Stage): string[] {
  return track ? [`${track.repository} ${track.branch ?? `tag ${track.tag}`}`] : [];
}
