import type { Clock } from '@flotilla/foundation';
import { apiTime } from '../../objects/metadata.ts';
import type { ClusterClient } from '../cluster-client.ts';
import type { Controller } from '../controller.ts';
import { isControlledBy } from '../dependents.ts';
import { itself, keyOf, ownerOf } from '../keys.ts';
import type { Deployment, Pod, ReplicaSet } from '../kube-objects.ts';
import { deployments, pods, replicaSets } from '../resources.ts';
import { deadlineInMs, deploymentStatus, isComplete } from './deployment-status.ts';
import {
  desiredAnnotation,
  maxAnnotation,
  newReplicaSet,
  ownedReplicaSets,
  revisionAnnotation,
  revisionOf,
  type OwnedReplicaSets,
} from './owned-replica-sets.ts';
import { nextRecreateStep, nextRollingStep, rolloutLimits, sum, type Scaling } from './rolling-update.ts';
import { isScaled, scaleStep } from './scale-step.ts';

/** Rolls a Deployment's template out through ReplicaSets, one careful step after another. */
export function deploymentController(client: ClusterClient, clock: Clock): Controller {
  return {
    name: 'deployment',
    affectedBy: (change) => [
      ...itself(change, deployments),
      ...ownerOf(change, replicaSets, 'Deployment'),
      ...deploymentOfDeletedPod(client, change.type === 'DELETED' ? change.object : undefined),
    ],
    reconcile: async (key) => {
      const deployment = client.get<Deployment>(deployments, key);
      if (!deployment) return undefined;
      const sets = await ownedReplicaSets(client, deployment);
      const isGoing = deployment.metadata.deletionTimestamp !== undefined;
      const isNew = isGoing ? false : await act(client, deployment, sets);
      return report(client, clock, key, isNew);
    },
  };
}

/** A Deployment that recreates waits for the last of its old pods, which its ReplicaSets do not count any more. */
function deploymentOfDeletedPod(client: ClusterClient, object: unknown): readonly string[] {
  const { kind, metadata } = (object ?? {}) as Partial<Pod>;
  const owner =
    kind === 'Pod' ? metadata?.ownerReferences?.find((reference) => reference.kind === 'ReplicaSet') : undefined;
  const set = owner && client.get<ReplicaSet>(replicaSets, `${metadata!.namespace}/${owner.name}`);
  const deployment = set?.metadata.ownerReferences?.find((reference) => reference.kind === 'Deployment');
  return deployment ? [`${metadata!.namespace}/${deployment.name}`] : [];
}

/** Takes the next step; returns whether it made a ReplicaSet. */
async function act(client: ClusterClient, deployment: Deployment, sets: OwnedReplicaSets): Promise<boolean> {
  if (deployment.spec.paused || isScaled(deployment, sets)) {
    await scale(client, deployment, scaleStep(deployment, sets));
    return false;
  }
  const { current, old } = sets;
  if (deployment.spec.strategy.type === 'Recreate') {
    const oldPods = countPods(client, old);
    const steps = nextRecreateStep({ deployment, current, old, oldPods });
    await scale(client, deployment, steps);
    if (steps.length > 0 || oldPods > 0) return false;
  } else if (current) {
    await scale(client, deployment, nextRollingStep(deployment, current, old));
  }
  if (!current) return create(client, deployment, sets);
  await noteRevision(client, deployment, sets);
  if (isComplete(deployment, deployment.status ?? {})) await dropHistory(client, deployment, old);
  return false;
}

async function scale(client: ClusterClient, deployment: Deployment, steps: readonly Scaling[]): Promise<void> {
  for (const { set, replicas } of steps) {
    const annotations = { ...set.metadata.annotations, ...sizes(deployment) };
    await client.update(replicaSets, {
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...set.spec, replicas },
    } as ReplicaSet);
  }
}

function sizes(deployment: Deployment): Record<string, string> {
  const { replicas } = deployment.spec;
  return {
    [desiredAnnotation]: String(replicas),
    [maxAnnotation]: String(replicas + rolloutLimits(deployment).surge),
  };
}

async function create(client: ClusterClient, deployment: Deployment, { old }: OwnedReplicaSets): Promise<boolean> {
  const { replicas } = deployment.spec;
  const room = replicas + rolloutLimits(deployment).surge - sum(old, ({ spec }) => spec.replicas);
  const revision = String(Math.max(0, ...old.map(revisionOf)) + 1);
  const annotations = { [revisionAnnotation]: revision, ...sizes(deployment) };
  const set = newReplicaSet(deployment, Math.max(0, Math.min(replicas, room)), annotations);
  await client.create(replicaSets, deployment.metadata.namespace!, set);
  await writeRevision(client, deployment, revision);
  return true;
}

/** A template that comes back is the newest revision again. */
async function noteRevision(
  client: ClusterClient,
  deployment: Deployment,
  { current, old }: OwnedReplicaSets,
): Promise<void> {
  const set = client.get<ReplicaSet>(replicaSets, keyOf(current!))!;
  const newest = Math.max(0, ...old.map(revisionOf)) + 1;
  const revision = String(Math.max(newest, revisionOf(set)));
  if (String(revisionOf(set)) !== revision) {
    await client.mergePatch(replicaSets, set, { metadata: { annotations: { [revisionAnnotation]: revision } } });
  }
  await writeRevision(client, deployment, revision);
}

async function writeRevision(client: ClusterClient, deployment: Deployment, revision: string): Promise<void> {
  if (String(revisionOf(deployment)) === revision) return;
  await client.mergePatch(deployments, deployment, { metadata: { annotations: { [revisionAnnotation]: revision } } });
}

async function dropHistory(client: ClusterClient, { spec }: Deployment, old: readonly ReplicaSet[]): Promise<void> {
  const limit = spec.revisionHistoryLimit ?? Infinity;
  const idle = old.filter((set) => set.spec.replicas === 0 && !set.status?.replicas && !set.metadata.deletionTimestamp);
  const surplus = idle
    .toSorted((left, right) => revisionOf(left) - revisionOf(right))
    .slice(0, Math.max(0, idle.length - limit));
  for (const set of surplus) await client.delete(replicaSets, set);
}

function countPods(client: ClusterClient, sets: readonly ReplicaSet[]): number {
  const namespace = sets[0]?.metadata.namespace;
  if (namespace === undefined) return 0;
  const running = client
    .list<Pod>(pods, namespace)
    .filter(({ status }) => !/Succeeded|Failed/.test(status?.phase ?? ''));
  return running.filter((pod) => sets.some((set) => isControlledBy(pod, set))).length;
}

async function report(client: ClusterClient, clock: Clock, key: string, isNew: boolean): Promise<number | undefined> {
  const deployment = client.get<Deployment>(deployments, key);
  if (!deployment) return undefined;
  const now = clock.now();
  const facts = { deployment, ...(await ownedReplicaSets(client, deployment)), isNew, now, time: apiTime(now) };
  const status = deploymentStatus(facts);
  await client.writeStatus(deployments, deployment, status);
  return deadlineInMs({ deployment: { ...deployment, status }, now }) || undefined;
}
