import { rolloutFigures, type Store } from '@flotilla/control-store';
import type { Running } from '@flotilla/foundation';
import { agentUpgradeStates, rolloutStates } from '@flotilla/model';
import { metricList, registry, sample } from '@flotilla/platform-telemetry';

const { agentUpgrades, rollouts, rolloutOldest } = metricList;

/** How many rollouts and upgrades of agents are on their way, and for how long. */
export function measureRollouts(store: Store): Running {
  return registry.read([rollouts, rolloutOldest, agentUpgrades], async () => {
    const { states, oldestRunningSeconds, upgrades } = await rolloutFigures(store);
    return [
      ...rolloutStates.map((state) => sample(rollouts, states[state] ?? 0, { state })),
      sample(rolloutOldest, oldestRunningSeconds, {}),
      ...agentUpgradeStates.map((state) => sample(agentUpgrades, upgrades[state] ?? 0, { state })),
    ];
  });
}
