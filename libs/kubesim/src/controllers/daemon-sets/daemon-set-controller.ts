import type { Clock } from '@flotilla/foundation';
import { amountOf } from '../amounts.ts';
import type { ClusterClient } from '../cluster-client.ts';
import type { Controller } from '../controller.ts';
import { claimDependents } from '../dependents.ts';
import { itself, keyOf, ownerOf } from '../keys.ts';
import type { DaemonSet, Pod } from '../kube-objects.ts';
import { isActive, isAvailable, isReady, nextAvailableInMs } from '../pod-facts.ts';
import { podOf } from '../pod-template.ts';
import { fittingNodes } from '../pods/nodes.ts';
import { daemonSets, nodes, pods, sameResource } from '../resources.ts';
import { currentRevision, dropRevisions, revisionLabel } from '../revisions.ts';

/** Keeps one pod on every node that a DaemonSet wants. */
export function daemonSetController(client: ClusterClient, clock: Clock): Controller {
  return {
    name: 'daemonset',
    affectedBy: (change) => [
      ...itself(change, daemonSets),
      ...ownerOf(change, pods, 'DaemonSet'),
      ...(sameResource(change.resource, nodes) ? client.list<DaemonSet>(daemonSets).map(keyOf) : []),
    ],
    reconcile: async (key) => {
      const set = client.get<DaemonSet>(daemonSets, key);
      if (!set || set.metadata.deletionTimestamp) return undefined;
      const revision = await currentRevision(client, set);
      const hash = revision.metadata.labels![revisionLabel]!;
      await adjust({ client, clock, set, hash, owned: await claimDependents<Pod>(client, pods, set) });
      await dropRevisions(client, set, new Set([revision.metadata.name]));
      return report(client, clock, key, hash);
    },
  };
}

interface Adjustment {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly set: DaemonSet;
  readonly hash: string;
  readonly owned: readonly Pod[];
}

async function adjust({ client, clock, set, hash, owned }: Adjustment): Promise<void> {
  const wanted = fittingNodes(client, set.spec.template.spec).map(({ metadata }) => metadata.name);
  const { template } = set.spec;
  for (const node of wanted.filter((name) => !owned.some(({ spec }) => spec.nodeName === name))) {
    const onNode = { ...template, spec: { ...template.spec, nodeName: node } };
    const pod = podOf({
      owner: set,
      template: onNode,
      labels: { [revisionLabel]: hash, 'pod-template-generation': '1' },
    });
    await client.create(pods, set.metadata.namespace!, pod);
  }
  const misplaced = owned.filter((pod) => !isActive(pod) || !wanted.includes(pod.spec.nodeName ?? ''));
  const outdated =
    set.spec.updateStrategy?.type === 'OnDelete' ? [] : replaceable({ client, clock, set, hash, owned }, wanted.length);
  for (const pod of new Set([...misplaced, ...outdated])) {
    if (!pod.metadata.deletionTimestamp) await client.delete(pods, pod);
  }
}

/** The outdated pods that may go now: those that do not run anyway, and as many others as may be missing. */
function replaceable({ clock, set, hash, owned }: Adjustment, wanted: number): readonly Pod[] {
  const isUp = (pod: Pod) => isActive(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, clock.now());
  const outdated = owned.filter(
    ({ metadata }) => metadata.labels?.[revisionLabel] !== hash && !metadata.deletionTimestamp,
  );
  const allowed = amountOf(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, wanted, 'up');
  const missing = wanted - owned.filter(isUp).length;
  return [...outdated.filter((pod) => !isUp(pod)), ...outdated.filter(isUp).slice(0, Math.max(0, allowed - missing))];
}

async function report(client: ClusterClient, clock: Clock, key: string, hash: string): Promise<number | undefined> {
  const set = client.get<DaemonSet>(daemonSets, key);
  if (!set) return undefined;
  const owned = (await claimDependents<Pod>(client, pods, set)).filter(isActive);
  const wanted = fittingNodes(client, set.spec.template.spec).map(({ metadata }) => metadata.name);
  const placed = owned.filter(({ spec }) => wanted.includes(spec.nodeName ?? ''));
  const now = clock.now();
  const available = placed.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now)).length;
  const updated = placed.filter(({ metadata }) => metadata.labels?.[revisionLabel] === hash).length;
  const status = {
    currentNumberScheduled: placed.length,
    numberMisscheduled: owned.length - placed.length,
    desiredNumberScheduled: wanted.length,
    numberReady: placed.filter(isReady).length,
    observedGeneration: set.metadata.generation ?? 1,
    ...(updated > 0 && { updatedNumberScheduled: updated }),
    ...(available > 0 && { numberAvailable: available }),
    ...(wanted.length > available && { numberUnavailable: wanted.length - available }),
  };
  await client.writeStatus(daemonSets, set, status);
  return nextAvailableInMs(owned, set.spec.minReadySeconds ?? 0, now);
}
