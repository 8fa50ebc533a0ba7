import { fleetFigures, type Store } from '@flotilla/control-store';
import type { Running } from '@flotilla/foundation';
import { connections, healthStatuses, syncStatuses } from '@flotilla/model';
import { metricList, registry, sample } from '@flotilla/platform-telemetry';

const { clusters, targetsHealth, targetsSync } = metricList;

/** How many clusters are heard, and how their targets are. */
export function measureFleet(store: Store): Running {
  return registry.read([clusters, targetsSync, targetsHealth], async () => {
    const figures = await fleetFigures(store);
    return [
      ...connections.map((connection) => sample(clusters, figures.connections[connection] ?? 0, { connection })),
      ...syncStatuses.map((sync) => sample(targetsSync, figures.sync[sync] ?? 0, { sync })),
      ...healthStatuses.map((health) => sample(targetsHealth, figures.health[health] ?? 0, { health })),
    ];
  });
}
