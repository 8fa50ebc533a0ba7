import type { ObjectDiff, OrderDiffView } from '@flotilla/contracts';
import type { ToldChange, ToldChanges } from '@flotilla/control-delivery';
import { shortened } from '@flotilla/foundation';
import type { Reason } from '@flotilla/model';
import { someClusters } from './some-clusters.ts';

/** What an agent says of an entry that nobody ordered yet. */
export interface AgentsWord {
  readonly objects: ObjectDiff[];
  readonly warnings: Reason[];
}

/** What an order would change, as it crosses to the gateway. */
export function orderDiffView({ changes, more }: ToldChanges<AgentsWord>): OrderDiffView {
  return { changes: changes.map(changeView), more };
}

function changeView({ change, told, silent }: ToldChange<AgentsWord>): OrderDiffView['changes'][number] {
  const { application, environment, from, to, moves } = change;
  const { objects, warnings } = told?.what ?? { objects: [], warnings: [] };
  return {
    application,
    environment,
    ...(from && { from }),
    to,
    clusters: someClusters(moves),
    ...(told && { toldBy: told.by }),
    silent: silent.map(({ cluster, reason: { code, message } }) => ({
      cluster,
      reason: { code, message: shortened(message, 2_000) },
    })),
    objects,
    warnings: [...warnings, ...variesWarning(change)],
  };
}

/** One cluster speaks for all, and each fills in its own labels and facts. */
function variesWarning({ moves }: ToldChange<AgentsWord>['change']): Reason[] {
  const isFilled = moves.length > 1 && moves.some(({ entry }) => entry.render?.substitute !== undefined);
  if (!isFilled) return [];
  const message = `each of the ${moves.length} clusters fills in its own labels and facts; see one of them with --cluster`;
  return [{ code: 'VariesByCluster', message }];
}
