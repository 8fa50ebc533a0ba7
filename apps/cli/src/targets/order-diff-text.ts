import type { OrderDiffView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import { reasonText } from '../nouns/cells.ts';
import type { Tones } from '../output/tones.ts';
import { visible } from '../output/visible.ts';
import { targetDiffText } from './target-diff-text.ts';

type Change = OrderDiffView['changes'][number];

/** What an order would change in clusters, each change once: who changes alike, what speaks against it, and the fields. */
export function orderDiffText({ changes, more }: OrderDiffView, colours: Tones): string {
  const rest =
    more > 0 ? [`… and ${counted(more, 'more change')} of fewer clusters; narrow the order to see them`] : [];
  return [...changes.map((change) => changeText(change, colours)), ...rest].map((text) => `\n${text}\n`).join('');
}

function changeText(change: Change, colours: Tones): string {
  const { application, environment, from, to, objects, warnings, silent, toldBy } = change;
  const way = from ? `${shortCommit(from)} to ${shortCommit(to)}` : `nothing to ${shortCommit(to)}`;
  const title = `${application} in ${environment}, ${way}, on ${clustersText(change.clusters)}`;
  const lines = [
    ...warnings.map((warning) => `! ${reasonText(warning)}`),
    ...(toldBy ? [] : silent.map(({ cluster, reason }) => `? ${cluster}: ${reasonText(reason)}`)),
    ...(toldBy && objects.length === 0 ? ['nothing that it holds would change'] : []),
  ].map(visible);
  const diff = toldBy ? targetDiffText(`as ${toldBy} says`, objects, colours).trimEnd() : '';
  return [colours.strong(visible(title)), ...lines, ...(diff ? [diff] : [])].join('\n');
}

const shownMax = 5;

function clustersText({ count, names }: Change['clusters']): string {
  const shown = names.slice(0, shownMax).join(', ');
  if (count === 1) return shown;
  return `${counted(count, 'cluster')} alike: ${shown}${count > shownMax ? ', …' : ''}`;
}
