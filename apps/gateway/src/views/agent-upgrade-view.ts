import type { AgentUpgradeView } from '@flotilla/contracts';
import type { AgentUpgradeRecord } from '@flotilla/control-delivery';
import { optionalTime, wireTime } from './metadata.ts';

export function agentUpgradeView(upgrade: AgentUpgradeRecord): AgentUpgradeView {
  const { uid, project, createdAt, finishedAt, state, reason, steps, ...spec } = upgrade;
  return {
    kind: 'AgentUpgrade',
    metadata: { uid, name: uid, project, createdAt: wireTime(createdAt) },
    spec,
    status: {
      state,
      ...(reason && { reason }),
      ...optionalTime('finishedAt', finishedAt),
      steps: steps.map(({ since, ...step }) => ({ ...step, since: wireTime(since) })),
    },
  };
}
