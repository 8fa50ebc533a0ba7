import type { RollbackView } from '@flotilla/contracts';
import { shortCommit } from '@flotilla/model';
import { sinceText } from '../nouns/cells.ts';
import type { Page } from '../output/page.ts';

/** A rollback with each of its places. */
export function rollbackPage({ metadata, spec, status }: RollbackView, now: number): Page {
  return [
    {
      fields: [
        ['Rollback', metadata.uid],
        ['Project', metadata.project],
        ['Ordered', sinceText(metadata.createdAt, now)],
        ['By', spec.by],
        ['Reason', spec.reason],
        ['Of', selectionText(spec.selection)],
        ['To', spec.to],
        ['State', status.state],
        ['Arrived', `${status.arrived} of ${status.total}, ${status.failing} failing`],
        ['Held against Git', String(status.held)],
      ],
    },
    {
      title: 'Places',
      headers: ['APPLICATION', 'ENVIRONMENT', 'REVISION', 'STATE', 'ARRIVED', 'FAILING', 'HELD'],
      rows: status.places.map((place) =>
        [
          place.application,
          place.environment,
          shortCommit(place.revision),
          place.state,
          `${place.arrived}/${place.total}`,
          String(place.failing),
          String(place.held),
        ].map((text) => ({ text })),
      ),
    },
  ];
}

/** What an order was for, as one would type it. */
export function selectionText(selection: RollbackView['spec']['selection']): string {
  if (selection.fleet) return 'the fleet';
  const parts = Object.entries(selection).filter(([, value]) => value !== undefined);
  return parts.map(([name, value]) => `${name} ${String(value)}`).join(', ');
}
