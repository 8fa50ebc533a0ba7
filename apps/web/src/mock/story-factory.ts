import type { TargetStoryView, TargetView } from '@flotilla/contracts';
import { isoTime } from '@flotilla/foundation';
import { shortCommit, type DriftedField, type HealthStatus, type Reason, type ResourceStatus } from '@flotilla/model';
import { commitOf } from './factories.ts';

type Deployment = TargetStoryView['history'][number];

/** The story that fits a target: objects as well as it is, and a history that ends where it is. */
export function storyOf(target: TargetView, nowMs: number): TargetStoryView {
  return {
    ...target,
    resources: resourcesOf(target),
    drift: target.spec.application === 'checkout' ? driftOf(target, nowMs) : [],
    history: historyOf(target, nowMs),
    explanation: explanationOf(target),
  };
}

function resourcesOf({ spec, status }: TargetView): ResourceStatus[] {
  const { application: name, namespace } = spec;
  const well = { namespace, sync: status.sync, health: 'Healthy' as const };
  const workload = { health: status.health, ...(status.reason && { reason: status.reason }) };
  return [
    { ...well, group: '', kind: 'ConfigMap', name: `${name}-settings` },
    { ...well, group: '', kind: 'Service', name },
    { ...well, group: 'apps', kind: 'Deployment', name, ...workload },
    { ...well, group: 'autoscaling', kind: 'HorizontalPodAutoscaler', name },
    { ...well, group: 'networking.k8s.io', kind: 'Ingress', name },
    { ...well, group: 'policy', kind: 'PodDisruptionBudget', name },
  ];
}

function driftOf({ spec }: TargetView, nowMs: number): DriftedField[] {
  const object = `Deployment ${spec.namespace}/${spec.application}`;
  const at = isoTime(nowMs - 50 * 60_000);
  return [
    { object, field: 'spec.template.spec.containers[name=app].image', manager: 'kubectl-edit', at, corrected: true },
    { object, field: 'spec.replicas', manager: 'kube-controller-manager', corrected: false },
  ];
}

function historyOf({ spec, status }: TargetView, nowMs: number): Deployment[] {
  const probe = { code: 'ProbeFailed', message: 'readiness probe of container app failed: HTTP 503' };
  const appliedAt = Date.parse(status.appliedAt ?? isoTime(nowMs));
  return [
    ...(status.appliedAt
      ? [deployment(appliedAt, status.revision ?? spec.revision, status.health, status.reason)]
      : []),
    deployment(appliedAt - 26 * 3_600_000, commitOf(3), 'Healthy'),
    deployment(appliedAt - 27 * 3_600_000, commitOf(2), 'Degraded', probe),
    deployment(appliedAt - 90 * 3_600_000, commitOf(1), 'Healthy'),
  ];
}

function deployment(at: number, revision: string, health: HealthStatus, reason?: Reason): Deployment {
  return {
    at: isoTime(at),
    revision,
    release: `release-${revision.slice(0, 10)}`,
    health,
    ...(health === 'Healthy' && { healthyAt: isoTime(at + 41_000) }),
    ...(reason && { reason }),
  };
}

function explanationOf({ spec, status }: TargetView): TargetStoryView['explanation'] {
  const { suspended } = spec;
  if (suspended) {
    const blockedBy = `${suspended.by}: ${suspended.reason}`;
    return [{ state: 'suspended', blockedBy, since: suspended.since, whoCanAct: 'whoever may run: flotilla resume' }];
  }
  if (status.reason) {
    const blockedBy = `${status.reason.code}: ${status.reason.message}`;
    return [
      { state: `is ${status.health}`, blockedBy, since: status.since, whoCanAct: 'whoever owns the application' },
    ];
  }
  if (status.sync !== 'Synced') return [{ state: `waits for ${shortCommit(spec.revision)}`, since: status.since }];
  return [{ state: `runs ${shortCommit(spec.revision)}; nothing waits` }];
}
