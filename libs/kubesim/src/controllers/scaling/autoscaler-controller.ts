import type { Clock, Random } from '@flotilla/foundation';
import { apiTime, storeKey } from '../../objects/metadata.ts';
import type { ObservedChange } from '../../engine/cluster.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { withCondition } from '../conditions.ts';
import type { Controller } from '../controller.ts';
import { itself, keyOf } from '../keys.ts';
import type { Condition, Stored } from '../kube-objects.ts';
import { autoscalers } from '../resources.ts';

interface Autoscaler extends Stored {
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion: string; readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly Metric[];
  };
  readonly status?: { readonly conditions?: readonly Condition[]; readonly currentMetrics?: readonly object[] };
}

interface Metric {
  readonly type: string;
  readonly resource?: { readonly name: string; readonly target: { readonly averageUtilization?: number } };
}

interface Scaled extends Stored {
  readonly spec: { readonly replicas?: number };
}

/**
 * Says of each autoscaler that it is content with things as they are. It scales nothing: whoever wants to see scaling
 * writes to the `scale` of the target.
 */
export function autoscalerController(client: ClusterClient, clock: Clock, random: Random): Controller {
  return {
    name: 'autoscaler',
    affectedBy: (change) => [...itself(change, autoscalers), ...autoscalersOf(client, change)],
    reconcile: async (key) => {
      const autoscaler = client.get<Autoscaler>(autoscalers, key);
      if (!autoscaler || autoscaler.metadata.deletionTimestamp) return undefined;
      const time = apiTime(clock.now());
      await client.writeStatus(
        autoscalers,
        autoscaler,
        statusOf(autoscaler, targetOf(client, autoscaler), time, random),
      );
      return undefined;
    },
  };
}

function autoscalersOf(client: ClusterClient, { object }: ObservedChange): readonly string[] {
  const { kind, metadata } = object as unknown as Stored;
  if (metadata.namespace === undefined) return [];
  return client
    .list<Autoscaler>(autoscalers, metadata.namespace)
    .filter(({ spec }) => spec.scaleTargetRef.kind === kind && spec.scaleTargetRef.name === metadata.name)
    .map(keyOf);
}

function targetOf(client: ClusterClient, { metadata, spec }: Autoscaler): Scaled | undefined {
  const { apiVersion, kind, name } = spec.scaleTargetRef;
  const resource = client.view.resourceOf(apiVersion, kind);
  return resource && client.get<Scaled>(resource, storeKey(metadata.namespace!, name));
}

function statusOf({ spec, status }: Autoscaler, target: Scaled | undefined, time: string, random: Random): object {
  const conditions = conditionsOf(spec.scaleTargetRef.name, target).reduce(
    (all, condition) => withCondition(all, condition, time),
    status?.conditions ?? [],
  );
  if (!target) return { ...status, conditions, desiredReplicas: 0, currentMetrics: null };
  const replicas = target.spec.replicas ?? 1;
  // Measured once: a number that moves by itself would keep every watcher busy.
  const currentMetrics = status?.currentMetrics ?? measured(spec.metrics ?? [], random);
  return { currentReplicas: replicas, desiredReplicas: replicas, currentMetrics, conditions };
}

function conditionsOf(name: string, target: Scaled | undefined): readonly Condition[] {
  if (!target) {
    const message = `the HPA controller was unable to get the target's current scale: "${name}" not found`;
    return [{ type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message }];
  }
  return [
    {
      type: 'AbleToScale',
      status: 'True',
      reason: 'ReadyForNewScale',
      message: 'recommended size matches current size',
    },
    {
      type: 'ScalingActive',
      status: 'True',
      reason: 'ValidMetricFound',
      message:
        'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
    },
    {
      type: 'ScalingLimited',
      status: 'False',
      reason: 'DesiredWithinRange',
      message: 'the desired count is within the acceptable range',
    },
  ];
}

/** A little below what each resource aims at. */
function measured(metrics: readonly Metric[], random: Random): readonly object[] {
  return metrics.flatMap(({ type, resource }) => {
    if (!resource) return [];
    const averageUtilization = Math.round((resource.target.averageUtilization ?? 50) * (0.7 + 0.2 * random.next()));
    const current = { averageUtilization, averageValue: `${averageUtilization}m` };
    return [{ type, resource: { name: resource.name, current } }];
  });
}
