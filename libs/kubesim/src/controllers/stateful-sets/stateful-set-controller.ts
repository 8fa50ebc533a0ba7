import type { Clock } from '@flotilla/foundation';
import type { ClusterClient } from '../cluster-client.ts';
import type { Controller } from '../controller.ts';
import { claimDependents } from '../dependents.ts';
import { itself, ownerOf } from '../keys.ts';
import type { Pod, StatefulSet } from '../kube-objects.ts';
import { nextAvailableInMs } from '../pod-facts.ts';
import { pods, statefulSets, volumeClaims } from '../resources.ts';
import { currentRevision, dropRevisions, revisionsOf } from '../revisions.ts';
import { claimsOf, memberPod } from './member-pod.ts';
import { nextMemberStep, type MemberStep } from './next-member-step.ts';
import { statefulSetStatus } from './stateful-set-status.ts';

/** Keeps the numbered pods of a StatefulSet, one after another in their order. */
export function statefulSetController(client: ClusterClient, clock: Clock): Controller {
  return {
    name: 'statefulset',
    affectedBy: (change) => [...itself(change, statefulSets), ...ownerOf(change, pods, 'StatefulSet')],
    reconcile: async (key) => {
      const set = client.get<StatefulSet>(statefulSets, key);
      if (!set) return undefined;
      const members = await claimDependents<Pod>(client, pods, set);
      if (set.metadata.deletionTimestamp) return undefined;
      const update = (await currentRevision(client, set)).metadata.name;
      const current = knownRevision(client, set) ?? update;
      for (const step of nextMemberStep({ set, members, current, update, now: clock.now() }))
        await take(client, set, step);
      return report({ client, clock, key, current, update });
    },
  };
}

/** The revision that the members had before the update that is going on, unless it is forgotten. */
function knownRevision(client: ClusterClient, set: StatefulSet): string | undefined {
  const name = set.status?.currentRevision;
  return revisionsOf(client, set).some(({ metadata }) => metadata.name === name) ? name : undefined;
}

async function take(client: ClusterClient, set: StatefulSet, step: MemberStep): Promise<void> {
  if (step.kind === 'delete') return client.delete(pods, step.pod);
  const namespace = set.metadata.namespace!;
  for (const claim of claimsOf(set, step.ordinal)) {
    const { name } = (claim as { metadata: { name: string } }).metadata;
    if (!client.get(volumeClaims, `${namespace}/${name}`)) await client.create(volumeClaims, namespace, claim);
  }
  await client.create(pods, namespace, memberPod(client, set, step.ordinal, step.revision));
}

interface Report {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly key: string;
  readonly current: string;
  readonly update: string;
}

async function report({ client, clock, key, current, update }: Report): Promise<number | undefined> {
  const set = client.get<StatefulSet>(statefulSets, key);
  if (!set) return undefined;
  const members = await claimDependents<Pod>(client, pods, set);
  const now = clock.now();
  const status = statefulSetStatus({ set, members, current, update, now });
  await client.writeStatus(statefulSets, set, status);
  await dropRevisions(client, set, new Set([status.currentRevision!, update]));
  return nextAvailableInMs(members, set.spec.minReadySeconds ?? 0, now);
}
