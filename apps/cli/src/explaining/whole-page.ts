import type { ClusterView, DocumentView } from '@flotilla/contracts';
import { reasonText, sinceText } from '../nouns/cells.ts';
import { cluster } from '../nouns/cluster.ts';
import type { Noun } from '../nouns/noun.ts';
import type { Page, Section } from '../output/page.ts';
import type { OffTargets } from './off-targets.ts';
import { storyPage } from './story-page.ts';

/** Why something that has targets is as it is: what is said of itself, then each target that is off. */
export function wholePage(
  noun: Noun,
  item: unknown,
  { found: { total, off, stories }, now }: { readonly found: OffTargets; readonly now: number },
): Page {
  const more = off - stories.length;
  return [
    {
      fields: [
        [titleOf(noun), noun.nameOf(item)],
        ['Targets', total === 0 ? 'none' : `${total - off} of ${total} are as they should be`],
      ],
    },
    noun === cluster ? lineTo(item as ClusterView, now) : problemOf(item as DocumentView),
    ...stories.flatMap((story) => storyPage(story, now)),
    { fields: [['And', more > 0 ? `${more} more that are not as they should be` : undefined]] },
  ];
}

function titleOf({ singular }: Noun): string {
  return singular.charAt(0).toUpperCase() + singular.slice(1);
}

function problemOf({ status: { problem } }: DocumentView): Section {
  return { fields: [['Problem', problem && reasonText(problem)]] };
}

/** Whether a cluster is heard is a question of its own, also where it has no targets. */
function lineTo({ metadata, status: { connection, lastSeenAt } }: ClusterView, now: number): Section {
  if (connection === 'Connected') return { fields: [] };
  const pending = `start its agent; flotilla cluster join ${metadata.name} says how`;
  return {
    fields: [
      ['Connection', connection],
      ['Last seen', sinceText(lastSeenAt, now)],
      ['Way out', connection === 'Pending' ? pending : undefined],
    ],
  };
}
