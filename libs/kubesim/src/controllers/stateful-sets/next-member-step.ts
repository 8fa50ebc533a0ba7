import type { Pod, StatefulSet } from '../kube-objects.ts';
import { isAvailable } from '../pod-facts.ts';
import { ordinalOf, revisionOfPod } from './member-pod.ts';

export type MemberStep =
  | { readonly kind: 'create'; readonly ordinal: number; readonly revision: string }
  | { readonly kind: 'delete'; readonly pod: Pod };

export interface MemberFacts {
  readonly set: StatefulSet;
  readonly members: readonly Pod[];
  /** The revision of the members that are not to be updated yet, and that of the others. */
  readonly current: string;
  readonly update: string;
  readonly now: number;
}

/**
 * What to do next. In order: the lowest missing member is made when all below it are available, then the highest that
 * is too many goes, then the highest that is outdated is replaced. A set that works in parallel does not wait for order,
 * but its updates do. As with a real cluster, a member that never gets well holds up everything, even its own update.
 */
export function nextMemberStep(facts: MemberFacts): readonly MemberStep[] {
  const { set, members } = facts;
  const isParallel = set.spec.podManagementPolicy === 'Parallel';
  const steps: MemberStep[] = [];
  for (let ordinal = 0; ordinal < set.spec.replicas; ordinal++) {
    const step = stepFor(facts, ordinal);
    if (step !== 'waits' && step !== 'is well') steps.push(step);
    if (!isParallel && step !== 'is well') return steps;
  }
  const surplus = members.filter((pod) => ordinalOf(pod) >= set.spec.replicas).toSorted(highestFirst);
  for (const pod of surplus) {
    if (!pod.metadata.deletionTimestamp) steps.push({ kind: 'delete', pod });
    if (!isParallel) return steps;
  }
  return steps.length > 0 || surplus.length > 0 ? steps : updateStep(facts);
}

function stepFor(
  { set, members, current, update, now }: MemberFacts,
  ordinal: number,
): MemberStep | 'waits' | 'is well' {
  const pod = members.find((member) => ordinalOf(member) === ordinal);
  if (!pod) return { kind: 'create', ordinal, revision: isToUpdate(set, ordinal) ? update : current };
  if (pod.metadata.deletionTimestamp) return 'waits';
  const { phase } = pod.status ?? {};
  if (phase === 'Failed' || phase === 'Succeeded') return { kind: 'delete', pod };
  return isAvailable(pod, set.spec.minReadySeconds ?? 0, now) ? 'is well' : 'waits';
}

function updateStep({ set, members, update, now }: MemberFacts): readonly MemberStep[] {
  if (set.spec.updateStrategy?.type === 'OnDelete') return [];
  for (const pod of members.toSorted(highestFirst)) {
    if (!isToUpdate(set, ordinalOf(pod))) return [];
    if (pod.metadata.deletionTimestamp || !isAvailable(pod, set.spec.minReadySeconds ?? 0, now)) return [];
    if (revisionOfPod(pod) !== update) return [{ kind: 'delete', pod }];
  }
  return [];
}

/** An update may stop at a partition: members below it keep the revision that they have. */
function isToUpdate({ spec }: StatefulSet, ordinal: number): boolean {
  return ordinal >= (spec.updateStrategy?.rollingUpdate?.partition ?? 0);
}

function highestFirst(left: Pod, right: Pod): number {
  return ordinalOf(right) - ordinalOf(left);
}
