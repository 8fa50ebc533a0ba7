import type { ClusterView, TargetStoryView, TargetView } from '@flotilla/contracts';
import type { DeploymentRecord } from '@flotilla/control-delivery';
import type { ClusterReading, Explanation, TargetDetail, TargetReading } from '@flotilla/control-fleet';
import { intentOf } from '@flotilla/model';
import { optionalTime, wireTime } from './metadata.ts';

export function clusterView(cluster: ClusterReading): ClusterView {
  const { uid, name, project, labels, connection, facts, fence, agentFence, alarm, counts } = cluster;
  return {
    kind: 'Cluster',
    metadata: { uid, name, project, createdAt: wireTime(cluster.createdAt), labels: { ...labels } },
    spec: { labels: { ...labels } },
    status: {
      connection,
      ...optionalTime('lastSeenAt', cluster.lastSeenAt),
      ...(facts && { facts }),
      fence,
      ...(agentFence && { agentFence }),
      ...optionalTime('revokedAt', cluster.revokedAt),
      ...(alarm && { alarm: { ...alarm, since: wireTime(alarm.since), lastSeenAt: wireTime(alarm.lastSeenAt) } }),
      counts: { total: counts.total, sync: { ...counts.sync }, health: { ...counts.health } },
    },
  };
}

export function targetView(target: TargetReading): TargetView {
  const { uid, cluster, entry, status, connection, createdAt } = target;
  const { project, application, environment, namespace, release, source, generation } = entry;
  const { suspended, frozen, breakGlass, pin } = entry;
  return {
    kind: 'Target',
    metadata: { uid, name: `${application}.${environment}.${cluster}`, project, createdAt: wireTime(createdAt) },
    spec: {
      application,
      environment,
      cluster,
      intent: intentOf(entry),
      namespace,
      release,
      revision: source.revision,
      generation,
      ...(suspended && { suspended }),
      ...(frozen && { frozen }),
      ...(breakGlass && { breakGlass }),
      ...(pin && { pin }),
    },
    status: {
      sync: status?.sync ?? 'Unknown',
      health: status?.health ?? 'Unknown',
      ...(status?.reason && { reason: status.reason }),
      ...(status?.revision && { revision: status.revision }),
      generation: status?.generation ?? 0,
      since: wireTime(status?.since ?? createdAt),
      ...optionalTime('appliedAt', status?.appliedAt),
      ...optionalTime('reportedAt', status?.reportedAt),
      connection,
    },
  };
}

export interface StoryParts {
  readonly target: TargetReading & TargetDetail;
  readonly history: readonly DeploymentRecord[];
  readonly explanation: readonly Explanation[];
}

export function targetStoryView({ target, history, explanation }: StoryParts): TargetStoryView {
  return {
    ...targetView(target),
    resources: [...target.resources],
    drift: [...target.drift],
    history: history.map(({ at, healthyAt, revision, release, health, reason }) => ({
      at: wireTime(at),
      revision,
      release,
      health,
      ...optionalTime('healthyAt', healthyAt),
      ...(reason && { reason }),
    })),
    explanation: explanation.map((line) => ({ ...line })),
  };
}
