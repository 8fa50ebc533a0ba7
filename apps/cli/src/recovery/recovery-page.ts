import type { RecoveryPlanView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { fenceText } from '@flotilla/model';
import { sinceText } from '../nouns/cells.ts';
import type { Page, Section } from '../output/page.ts';

type Ahead = RecoveryPlanView['ahead'][number];

/** The plan for a person: what happened, then each cluster that is ahead, then whom no record knows. */
export function recoveryPage(plan: RecoveryPlanView, now: number): Page {
  const { restored, epoch, clusters, ahead, strangers } = plan;
  return [
    {
      fields: [
        ['Epoch', String(epoch)],
        ['Restored', sinceText(restored?.at, now)],
        ['From a backup of', sinceText(restored?.takenAt, now)],
        ['Ahead', `${ahead.length} of ${counted(clusters, 'cluster')}`],
      ],
    },
    ...ahead.map(clusterSection),
    {
      title: 'Heard, and on no record: told nothing',
      headers: ['UID', 'WAS', 'LAST HEARD'],
      rows: strangers.map(({ uid, forgotten, lastHeardAt }) => [
        { text: uid },
        { text: forgotten ? `${forgotten.name}, forgotten by ${forgotten.by}` : 'never seen here' },
        { text: sinceText(lastHeardAt, now) ?? '' },
      ]),
    },
  ];
}

function clusterSection({ name, connection, held, fence, recovery, unknown }: Ahead): Section {
  return {
    title: name,
    fields: [
      ['Connection', connection],
      ['Holds', `set ${fenceText(held)}`],
      ['The database has', `set ${fenceText(fence)}`],
      ['Not known', unknown],
      ['Added', recovery && listText(recovery.added)],
      ['Changed', recovery && listText(recovery.changed)],
      ['Left alone', recovery && counted(recovery.unchanged, 'target')],
      ['Kept, Unlisted', recovery && listText(recovery.unlisted)],
      ...(recovery?.lostOrders ?? []).map(lostText),
      ...(recovery?.lostFreezes ?? []).map(lostFreezeText),
    ],
  };
}

function lostText({ target, suspended }: NonNullable<Ahead['recovery']>['lostOrders'][number]) {
  return ['Suspension ends', `${target}, by ${suspended.by}: ${suspended.reason}`] as const;
}

function lostFreezeText({ name, by, reason }: NonNullable<Ahead['recovery']>['lostFreezes'][number]) {
  return ['Freeze ends', `${name}, by ${by}: ${reason}`] as const;
}

const shownMax = 20;

function listText(names: readonly string[]): string {
  const shown = names.slice(0, shownMax).join(', ');
  return names.length > shownMax ? `${shown} and ${names.length - shownMax} more` : shown;
}
