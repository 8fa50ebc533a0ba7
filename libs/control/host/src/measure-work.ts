import { waitingWork, workFigures, type Store } from '@flotilla/control-store';
import type { Running } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import { metricList, registry, sample } from '@flotilla/platform-telemetry';

const { workDead, workDue, workFailing, workOldestDue, workTaken, workWaiting } = metricList;

/** How much of the kinds that this service looks at is due, taken, failing or dead, and whose the due work is. */
export function measureWork(store: Store, kinds: readonly WorkKind[]): Running {
  const measuring = [readFigures(store, kinds), readProjects(store, kinds)];
  return { stop: async () => void (await Promise.all(measuring.map((reading) => reading.stop()))) };
}

function readFigures(store: Store, kinds: readonly WorkKind[]): Running {
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

function readProjects(store: Store, kinds: readonly WorkKind[]): Running {
  return registry.read([workWaiting], async () =>
    (await waitingWork(store, kinds)).map(({ waiting, ...whose }) => sample(workWaiting, waiting, whose)),
  );
}
