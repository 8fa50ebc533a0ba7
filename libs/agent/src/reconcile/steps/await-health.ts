import type { ObjectKey } from '@flotilla/model';
import { findFailure } from '../../live/find-failure.ts';
import type { Step, StepPorts } from '../step.ts';
import type { TargetMemory } from '../target-memory.ts';

/**
 * Nothing is well in the moment in which it was applied, and asking why costs four lists. The first look after a pass
 * that found it so comes no sooner.
 */
const graceMs = 500;

/** Finds out why a workload is not well, so that a person reads the reason and not just "Progressing". */
export const awaitHealth: Step<'Waiting'> = {
  name: 'await health',
  run: async ({ memory, ports }) => {
    if (isJustApplied(memory, ports)) return;
    await findReason(
      memory,
      ports,
      memory.rendered!.objects.map(({ key }) => key),
    );
  },
};

/** The first of these workloads of which somebody below can say why it is not well. */
export async function findReason(memory: TargetMemory, ports: StepPorts, keys: readonly ObjectKey[]): Promise<void> {
  const unwell = keys
    .map((key) => ports.live.get(key))
    .filter((live) => live !== undefined && live.health.status !== 'Healthy' && live.health.status !== 'Suspended');
  memory.failure = undefined;
  for (const live of unwell) {
    const reason = await findFailure(ports.cluster, live!);
    if (!reason) continue;
    memory.failure = { workload: live!.key, reason };
    return;
  }
}

function isJustApplied({ record: { running } }: TargetMemory, { clock }: StepPorts): boolean {
  return running !== undefined && clock.now() - Date.parse(running.appliedAt) < graceMs;
}
