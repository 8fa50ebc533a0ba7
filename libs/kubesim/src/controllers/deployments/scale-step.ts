import type { Deployment, ReplicaSet } from '../kube-objects.ts';
import { desiredAnnotation, type OwnedReplicaSets } from './owned-replica-sets.ts';
import { proportionalStep, type Scaling } from './rolling-update.ts';

/** Whether the number of replicas was changed since the ReplicaSets were last scaled. */
export function isScaled({ spec }: Deployment, { current, old }: OwnedReplicaSets): boolean {
  return [...(current ? [current] : []), ...old].some(({ metadata, spec: { replicas } }) => {
    const desired = metadata.annotations?.[desiredAnnotation];
    return replicas > 0 && desired !== undefined && Number(desired) !== spec.replicas;
  });
}

/** The step that brings the ReplicaSets to a changed number of replicas without going on with a rollout. */
export function scaleStep(deployment: Deployment, { current, old }: OwnedReplicaSets): readonly Scaling[] {
  const all = current ? [...old, current] : old;
  const active = all.filter(({ spec }) => spec.replicas > 0);
  const only = active.length === 1 ? active[0] : active.length === 0 ? (current ?? all.at(-1)) : undefined;
  const wanted = deployment.spec.replicas;
  if (active.length <= 1) return only && only.spec.replicas !== wanted ? [{ set: only, replicas: wanted }] : [];
  if (current && isSaturated(deployment, current)) {
    return old.filter(({ spec }) => spec.replicas > 0).map((set) => ({ set, replicas: 0 }));
  }
  return deployment.spec.strategy.type === 'RollingUpdate' ? proportionalStep(deployment, active) : [];
}

function isSaturated({ spec }: Deployment, current: ReplicaSet): boolean {
  const desired = Number(current.metadata.annotations?.[desiredAnnotation]);
  const counts = [current.spec.replicas, desired, current.status?.availableReplicas ?? 0];
  return counts.every((count) => count === spec.replicas);
}
