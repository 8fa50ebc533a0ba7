import { findFailure } from '../../live/find-failure.ts';
import type { Step } from '../step.ts';

/** Finds out why a workload is not well, so that a person reads the reason and not just "Progressing". */
export const awaitHealth: Step<'Waiting'> = {
  name: 'await health',
  run: async ({ memory, ports }) => {
    const unwell = memory
      .rendered!.objects.map(({ key }) => ports.live.get(key))
      .filter((live) => live !== undefined && live.health.status !== 'Healthy' && live.health.status !== 'Suspended');
    memory.failure = undefined;
    for (const live of unwell) {
      const reason = await findFailure(ports.cluster, live!);
      if (!reason) continue;
      memory.failure = { workload: live!.key, reason };
      return;
    }
  },
};
