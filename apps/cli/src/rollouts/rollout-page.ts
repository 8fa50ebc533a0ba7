import type { RolloutCourseView } from '@flotilla/contracts';
import { byUrgency, shortCommit } from '@flotilla/model';
import { reasonText, sinceText } from '../nouns/cells.ts';
import { why } from '../nouns/target-page.ts';
import type { Page } from '../output/page.ts';
import type { Session } from '../session.ts';

type Wave = RolloutCourseView['waves'][number];

/** A rollout with its waves. */
export function rolloutPage(rollout: RolloutCourseView, session: Session): Page {
  const { metadata, spec, status, explanation = [], waves } = rollout;
  const now = session.now();
  return [
    {
      fields: [
        ['Rollout', metadata.name],
        ['Revision', `${shortCommit(spec.revision)} (${spec.cause})`],
        ['State', [status.state, status.wave && `wave ${status.wave}`].filter(Boolean).join(', ')],
        ['Blocked by', status.blocked && reasonText(status.blocked)],
        ['Since', sinceText(status.blockedSince, now)],
        ['Arrived', `${status.arrived} of ${status.total}`],
        ['Begun', sinceText(metadata.createdAt, now)],
        ['Finished', sinceText(status.finishedAt, now)],
      ],
    },
    ...why(explanation, now),
    ...waves.map((wave) => ({
      title: titleOf(wave),
      headers: ['CLUSTER', 'PHASE', 'REASON'],
      rows: wave.members
        .toSorted(byUrgency)
        .map((member) => [{ text: member.cluster }, { text: member.phase }, { text: whyOf(member, now) }]),
    })),
  ];
}

function titleOf({ name, members, uncovered, waits = [] }: Wave): string {
  const done = members.filter(({ phase }) => phase === 'Done').length;
  const missing = uncovered ? `, without ${uncovered.join(', ')}` : '';
  const gates = waits.length > 0 ? `, waits for ${waits.map(({ gate }) => gate).join(', ')}` : '';
  return `Wave ${name} (${done} of ${members.length}${missing}${gates})`;
}

function whyOf({ reason, until }: Wave['members'][number], now: number): string {
  return [reason && reasonText(reason), until && `until ${sinceText(until, now)}`].filter(Boolean).join(', ');
}
