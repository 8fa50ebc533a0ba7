import { Fault } from '@flotilla/foundation';
import { meetsAll, parseSelector, type Labels } from '@flotilla/model';

/** The clusters that a new agent is meant for, by their labels; all of them without a selector. A fault when nobody is. */
export function chooseClusters<Cluster extends { readonly labels: Labels }>(
  clusters: readonly Cluster[],
  selector: string | undefined,
): readonly Cluster[] {
  const wanted = parseSelector(selector ?? '');
  if (!wanted.ok) throw new Fault({ code: 'invalid', reason: 'SelectorInvalid', message: wanted.reason });
  const chosen = clusters.filter(({ labels }) => meetsAll(wanted.value, labels));
  if (chosen.length === 0) throw nobodyMatches(selector);
  return chosen;
}

function nobodyMatches(selector: string | undefined): Fault {
  const message = selector ? `no cluster has labels that meet ${selector}` : 'there are no clusters';
  return new Fault({ code: 'not-found', reason: 'ClustersMissing', message });
}
