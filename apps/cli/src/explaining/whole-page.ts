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
  { found, now }: { readonly found: OffTargets; readonly now: number },
): Page {
  const { off, held, stories } = found;
  const more = off + held - stories.length;
  return [
    {
      fields: [
        [titleOf(noun), noun.nameOf(item)],
        ['Targets', targetsText(found)],
      ],
    },
    noun === cluster ? lineTo(item as ClusterView, now) : problemOf(item as DocumentView),
    ...stories.flatMap((story) => storyPage(story, now)),
    { fields: [['And', more > 0 ? `${more} more that are not as they should be, or held` : undefined]] },
  ];
}

function targetsText({ total, off, held }: OffTargets): string {
  if (total === 0) return 'none';
  return `${total - off} of ${total} are as they should be${held > 0 ? `; ${held} are held` : ''}`;
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
  return {
    fields: [
      ['Connection', connection],
      ['Last seen', sinceText(lastSeenAt, now)],
      ['Way out', wayOut(connection, metadata.name)],
    ],
  };
}

function wayOut(connection: ClusterView['status']['connection'], name: string): string | undefined {
  switch (connection) {
    case 'Pending':
      return `start its agent; flotilla cluster join ${name} says how`;
    case 'Lost':
      return `its agent calls by itself once it runs; if it is gone: flotilla cluster forget ${name}`;
    case 'Ahead':
      return 'flotilla recover';
    case 'Revoked':
      return `flotilla cluster join ${name}`;
    case 'Connected':
    case 'Deaf':
      return undefined;
  }
}
