import type { TargetStoryView } from '@flotilla/contracts';
import { shortCommit } from '@flotilla/model';
import { reasonText, sinceText } from '../nouns/cells.ts';
import { why } from '../nouns/target-page.ts';
import type { Page } from '../output/page.ts';

/** Why one target is as it is, with its objects that are not well. */
export function storyPage({ metadata, status, resources, explanation }: TargetStoryView, now: number): Page {
  const runs = status.revision ? `runs ${shortCommit(status.revision)}` : 'runs nothing yet';
  const failing = resources.filter(({ health }) => health !== 'Healthy');
  return [
    {
      fields: [
        ['Target', metadata.name],
        ['Is', `${status.sync}, ${status.health}, ${runs}`],
        ['Since', sinceText(status.since, now)],
      ],
    },
    ...why(explanation, now),
    {
      title: 'Not well',
      headers: ['KIND', 'NAME', 'HEALTH', 'REASON'],
      rows: failing.map(({ kind, name, health, reason }) =>
        [kind, name, health, reason ? reasonText(reason) : ''].map((text) => ({ text })),
      ),
    },
  ];
}
