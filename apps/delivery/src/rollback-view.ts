import type { RollbackPreviewView } from '@flotilla/contracts';
import { movesOf, settingLeaves, type ResolvedRollback, type RollbackPlace } from '@flotilla/control-delivery';
import { namedMax, someClusters } from './some-clusters.ts';

/** What an order to go back would do, as it crosses to the gateway. */
export function rollbackPreviewView({ standing, blast, places }: ResolvedRollback): RollbackPreviewView {
  return { standing, blast: { ...blast }, places: places.map(placeView) };
}

function placeView(place: RollbackPlace): RollbackPreviewView['places'][number] {
  const { history, environment, from, to, problem, waves, held, excluded, warnings } = place;
  return {
    application: history.delivery.application.name,
    environment,
    from: from.map(({ revision }) => revision),
    ...(to && { to: { release: to.release.uid, revision: to.release.revision } }),
    ...(problem && { problem }),
    waves: waves.map(({ name, moves }) => ({ name, ...someClusters(moves) })),
    fetching: someClusters(movesOf(place).filter(({ fetches }) => fetches)),
    held: someClusters(held),
    excluded: excluded.slice(0, namedMax).map(({ cluster, reason }) => ({ cluster: cluster.name, reason })),
    settings: settingsThatChange(place),
    warnings: [...warnings],
  };
}

/** What differs between the settings that are ordered now and those that it was released with, by name. */
function settingsThatChange(place: RollbackPlace): string[] {
  const { to } = place;
  if (!to) return [];
  const wanted = settingLeaves({ source: to.content.source, render: to.content.render });
  const changed = new Set<string>();
  for (const { target } of movesOf(place)) {
    const { credential: _, ...source } = target.entry.source;
    const standing = settingLeaves({ source, render: target.entry.render });
    for (const path of new Set([...wanted.keys(), ...standing.keys()])) {
      if (path !== 'source.revision' && wanted.get(path) !== standing.get(path)) changed.add(path);
    }
  }
  return [...changed].toSorted().slice(0, namedMax);
}
