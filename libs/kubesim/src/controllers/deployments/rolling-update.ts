import { amountOf } from '../amounts.ts';
import type { Deployment, ReplicaSet } from '../kube-objects.ts';
import type { OwnedReplicaSets } from './owned-replica-sets.ts';

/** How many replicas a ReplicaSet shall have next. */
export interface Scaling {
  readonly set: ReplicaSet;
  readonly replicas: number;
}

/** How far a rolling update may go above and below the number of replicas. */
export function rolloutLimits({ spec }: Deployment): { readonly surge: number; readonly unavailable: number } {
  if (spec.strategy.type === 'Recreate') return { surge: 0, unavailable: spec.replicas };
  const { maxSurge, maxUnavailable } = spec.strategy.rollingUpdate ?? {};
  const surge = amountOf(maxSurge, spec.replicas, 'up');
  const unavailable = amountOf(maxUnavailable, spec.replicas, 'down');
  // Both zero would never move.
  return { surge, unavailable: surge + unavailable === 0 ? 1 : unavailable };
}

/** The next step of a rolling update: up with the new as far as the surge allows, else down with the old. */
export function nextRollingStep(
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): readonly Scaling[] {
  const { surge, unavailable } = rolloutLimits(deployment);
  const wanted = deployment.spec.replicas;
  const total = sum([current, ...old], wantedOf);
  if (current.spec.replicas > wanted) return [{ set: current, replicas: wanted }];
  const room = Math.min(wanted + surge - total, wanted - current.spec.replicas);
  if (room > 0) return [{ set: current, replicas: current.spec.replicas + room }];
  return scaleDownOld(current, old, wanted - unavailable);
}

/** Old replicas that are not available go first: they are no loss. Then the others, as far as enough stay available. */
function scaleDownOld(current: ReplicaSet, old: readonly ReplicaSet[], availableMin: number): readonly Scaling[] {
  const total = sum([current, ...old], wantedOf);
  const currentMissing = current.spec.replicas - availableOf(current);
  const unhealthyMax = total - availableMin - currentMissing;
  if (unhealthyMax <= 0) return [];
  const cleaned = takeFrom(old, unhealthyMax, (set) => set.spec.replicas - availableOf(set));
  const spare = sum([current, ...old], availableOf) - availableMin;
  const rest = takeFrom(cleaned, Math.max(0, spare), wantedOf);
  return rest.filter((set, index) => set.spec.replicas !== old[index]!.spec.replicas).map(toScaling);
}

/** Takes up to `max` replicas from the sets in turn, from each no more than it may give. */
function takeFrom(sets: readonly ReplicaSet[], max: number, mayGive: (set: ReplicaSet) => number): ReplicaSet[] {
  let left = max;
  return sets.map((set) => {
    const taken = Math.max(0, Math.min(left, mayGive(set)));
    left -= taken;
    return { ...set, spec: { ...set.spec, replicas: set.spec.replicas - taken } };
  });
}

/** The next step of a strategy that starts the new only when the old are gone. */
export function nextRecreateStep({
  deployment,
  current,
  old,
  oldPods,
}: OwnedReplicaSets & { readonly deployment: Deployment; readonly oldPods: number }): readonly Scaling[] {
  const running = old.filter((set) => set.spec.replicas > 0);
  if (running.length > 0) return running.map((set) => ({ set, replicas: 0 }));
  if (oldPods > 0 || !current || current.spec.replicas === deployment.spec.replicas) return [];
  return [{ set: current, replicas: deployment.spec.replicas }];
}

/**
 * What a changed number of replicas means in the midst of a rollout: each ReplicaSet grows or shrinks in proportion.
 */
export function proportionalStep(deployment: Deployment, active: readonly ReplicaSet[]): readonly Scaling[] {
  const { surge } = rolloutLimits(deployment);
  const wanted = deployment.spec.replicas;
  const total = sum(active, wantedOf);
  let rest = (wanted > 0 ? wanted + surge : 0) - total;
  const bySize = active.toSorted((left, right) => right.spec.replicas - left.spec.replicas);
  const shares = bySize.map((set) => {
    const share = Math.round((set.spec.replicas * (wanted + surge)) / (total || 1)) - set.spec.replicas;
    const given = rest > 0 ? Math.min(rest, Math.max(0, share)) : Math.max(rest, Math.min(0, share));
    rest -= given;
    return { set, replicas: set.spec.replicas + given };
  });
  const [largest, ...others] = shares;
  return largest ? [{ ...largest, replicas: Math.max(0, largest.replicas + rest) }, ...others] : [];
}

function toScaling(set: ReplicaSet): Scaling {
  return { set, replicas: set.spec.replicas };
}

function wantedOf({ spec }: ReplicaSet): number {
  return spec.replicas;
}

function availableOf({ status }: ReplicaSet): number {
  return status?.availableReplicas ?? 0;
}

export function sum(sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}
