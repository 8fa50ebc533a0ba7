import { rolloutFigures, type Store } from '@flotilla/control-store';
import type { Running } from '@flotilla/foundation';
import { rolloutStates } from '@flotilla/model';
import { metricList, registry, sample } from '@flotilla/platform-telemetry';

const { rollouts, rolloutOldest } = metricList;

/** How many rollouts are on their way, and for how long. */
export function measureRollouts(store: Store): Running {
  return registry.read([rollouts, rolloutOldest], async () => {
    const { states, oldestRunningSeconds } = await rolloutFigures(store);
    return [
      ...rolloutStates.map((state) => sample(rollouts, states[state] ?? 0, { state })),
      sample(rolloutOldest, oldestRunningSeconds, {}),
    ];
  });
}
