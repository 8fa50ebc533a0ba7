import { workFigures, type Store } from '@flotilla/control-store';
import type { Running } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import { metricList, registry, sample } from '@flotilla/platform-telemetry';

const { workDead, workDue, workFailing, workOldestDue, workTaken } = metricList;

/** How much of the kinds that this service looks at is due, taken, failing or dead. */
export function measureWork(store: Store, kinds: readonly WorkKind[]): Running {
  return registry.read([workDue, workTaken, workOldestDue, workFailing, workDead], async () =>
    (await workFigures(store, kinds)).flatMap(({ kind, due, taken, oldestDueSeconds, failing, dead }) => [
      sample(workDue, due, { kind }),
      sample(workTaken, taken, { kind }),
      sample(workOldestDue, oldestDueSeconds, { kind }),
      sample(workFailing, failing, { kind }),
      sample(workDead, dead, { kind }),
    ]),
  );
}
