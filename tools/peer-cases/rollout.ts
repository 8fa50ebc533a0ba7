import {
  advanceRollout,
  phased,
  type ClusterEvidence,
  type FrozenWave,
  type RolloutCourse,
} from '@flotilla/control-delivery';
import { isoTime, parseDuration } from '@flotilla/foundation';
import { countOf } from '@flotilla/model';
import type { Adapter, Comparison } from './peer-case.ts';

interface OcmConfig {
  readonly progressDeadline?: string;
  readonly maxFailures?: number | string;
  readonly minSuccessTime?: { readonly duration: number };
}

interface OcmStrategy {
  readonly rolloutConfig?: OcmConfig;
  readonly maxConcurrency?: number | string;
  readonly mandatoryDecisionGroups?: { readonly mandatoryDecisionGroups?: readonly OcmMandatory[] };
}

interface OcmMandatory {
  readonly groupName?: string;
  readonly groupIndex?: number;
}

interface OcmGroup {
  readonly group: { readonly name: string; readonly index: number };
  readonly clusters: readonly string[];
}

interface OcmStatus {
  readonly cluster: string;
  readonly status: string;
  readonly lastTransition?: string;
}

/**
 * OCM's rollouts in our words: decision groups are waves, mandatory ones go first and forgive nothing, `All` is one wave
 * without a budget. It lists whom to look at, and we say whom to admit; who is under way already is in its list as well.
 */
export const rollout: Adapter = (peerCase) => modes[peerCase.mode ?? '']?.(peerCase);

const modes: Readonly<Record<string, Adapter>> = {
  rollout: ({ strategy, groups, current, now, expected }) => {
    const course = courseOf(strategy as Record<string, unknown>, groups as readonly OcmGroup[]);
    const lists = compared(course, current as readonly OcmStatus[], Date.parse(now as string));
    return { expected: inOurShape(expected!), actual: lists };
  },
  rolloutSize: ({ maxConcurrency, total, expected }): Comparison => {
    const error = countOf(maxConcurrency, total as number, 'up') === undefined;
    const actual = { size: sizeOf(maxConcurrency, total as number), error };
    return { expected: { size: expected?.size, error: expected?.error }, actual };
  },
  parseTimeout: ({ timeout, expected }) => ({
    expected: expected?.error ? 'refused' : expected?.seconds,
    actual: secondsOf(timeout as string),
  }),
  clusterStatus: ({ current, timeoutSeconds, minSuccessSeconds, now, expected }) => {
    const at = Date.parse(now as string);
    const deadlineMs = typeof timeoutSeconds === 'number' ? timeoutSeconds * 1_000 : undefined;
    const minSuccessMs = Number(minSuccessSeconds) * 1_000;
    const { cluster } = current as OcmStatus;
    const course: RolloutCourse = {
      ...allAtOnce([cluster], minSuccessMs),
      ...(deadlineMs !== undefined && { deadlineMs }),
    };
    const { toRollout, timedOut } = compared(course, [current as OcmStatus], at);
    const wanted = inOurShape(expected!);
    return { expected: { toRollout: wanted.toRollout, timedOut: wanted.timedOut }, actual: { toRollout, timedOut } };
  },
};

/** A course that asks for nothing but that the clusters become well: what OCM's `All` means. */
function allAtOnce(clusters: readonly string[], minSuccessMs: number): RolloutCourse {
  return { state: 'Running', offline: 'wait', waves: [waveOf('all', clusters, minSuccessMs)] };
}

function waveOf(name: string, clusters: readonly string[], minSuccessMs: number): FrozenWave {
  return { name, clusters, minSuccessMs, mayBeBarren: true };
}

function courseOf(strategy: Record<string, unknown>, groups: readonly OcmGroup[]): RolloutCourse {
  const type = strategy.type as string;
  const chosen = (strategy[`${type[0]!.toLowerCase()}${type.slice(1)}`] ?? {}) as OcmStrategy;
  const minSuccessMs = (chosen.rolloutConfig?.minSuccessTime?.duration ?? 0) * 1_000;
  const all = clustersOf(groups);
  const deadline = secondsOf(chosen.rolloutConfig?.progressDeadline ?? '');
  const limits = typeof deadline === 'number' ? { deadlineMs: deadline * 1_000 } : {};
  if (type === 'All') return { ...allAtOnce(all, minSuccessMs), ...limits };
  const failuresMax = countOf(chosen.rolloutConfig?.maxFailures ?? 0, all.length, 'down') ?? 0;
  const [mandatory, others] = partition(groups, chosen.mandatoryDecisionGroups?.mandatoryDecisionGroups ?? []);
  const waves = [
    ...mandatory.map((group) => ({ ...groupWave(group, minSuccessMs), failuresMax: 0 })),
    ...(type === 'Progressive'
      ? [{ ...waveOf('rest', clustersOf(others), minSuccessMs), atOnce: sizeOf(chosen.maxConcurrency, all.length) }]
      : others.map((group) => groupWave(group, minSuccessMs))),
  ];
  return { state: 'Running', offline: 'wait', waves, failuresMax, ...limits };
}

function groupWave({ group, clusters }: OcmGroup, minSuccessMs: number): FrozenWave {
  return waveOf(`${group.name}${group.index}`, clusters.toSorted(), minSuccessMs);
}

function clustersOf(groups: readonly OcmGroup[]): string[] {
  return groups.flatMap(({ clusters }) => clusters.toSorted());
}

function partition(groups: readonly OcmGroup[], asked: readonly OcmMandatory[]): [OcmGroup[], OcmGroup[]] {
  const isAsked = ({ group }: OcmGroup) =>
    asked.some(({ groupName, groupIndex }) => (groupName ? groupName === group.name : groupIndex === group.index));
  return [groups.filter(isAsked), groups.filter((each) => !isAsked(each))];
}

/** Zero, and nothing at all, are no limit there. */
function sizeOf(maxConcurrency: unknown, total: number): number {
  return countOf(maxConcurrency, total, 'up') || total;
}

/** `null` where there is no deadline. */
function secondsOf(timeout: string): number | null | 'refused' {
  if (timeout === '' || timeout === 'None') return null;
  const read = parseDuration(timeout);
  return read === undefined ? 'refused' : read / 1_000;
}

function compared(course: RolloutCourse, current: readonly OcmStatus[], now: number) {
  const evidence = evidenceOf(course, current, now);
  const { admit, state, nextLook } = advanceRollout(course, [...evidence.values()], now);
  const members = course.waves.flatMap(({ clusters, minSuccessMs }) =>
    clusters.map((cluster) => phased(evidence.get(cluster)!, { minSuccessMs, deadlineMs: course.deadlineMs }, now)),
  );
  const listed = members.flatMap(({ cluster, phase, until }) => {
    const status = statusWords[phase];
    return status ? [{ cluster, status, ...(until !== undefined && { recheckAt: isoTime(until) }) }] : [];
  });
  const waves = new Set(course.waves.flatMap(({ clusters }) => clusters));
  const admitted = admit.map((cluster) => ({ cluster, status: 'ToApply' }));
  return {
    toRollout: byCluster([...listed.filter(({ status }) => status !== 'TimeOut'), ...admitted]),
    timedOut: byCluster(
      listed.filter(({ status }) => status === 'TimeOut').map(({ cluster, status }) => ({ cluster, status })),
    ),
    removed: current.flatMap(({ cluster }) => (waves.has(cluster) ? [] : [cluster])).toSorted(),
    breached: state === 'Halted',
    recheckSeconds: nextLook === undefined ? undefined : (nextLook - now) / 1_000,
  };
}

const statusWords: Readonly<Record<string, string>> = {
  UnderWay: 'Progressing',
  Soaking: 'Succeeded',
  Failing: 'Failed',
  Failed: 'TimeOut',
};

function evidenceOf(course: RolloutCourse, current: readonly OcmStatus[], now: number): Map<string, ClusterEvidence> {
  const waiting = course.waves.flatMap(({ clusters }) => clusters.map((cluster) => [cluster, { cluster }] as const));
  const heard = current.map((status) => [status.cluster, heardOf(status, now)] as const);
  return new Map<string, ClusterEvidence>([...waiting, ...heard]);
}

function heardOf({ cluster, status, lastTransition }: OcmStatus, now: number): ClusterEvidence {
  const at = lastTransition === undefined ? now : Date.parse(lastTransition);
  const failed = { code: status, message: '' };
  switch (status) {
    case 'Progressing':
      return { cluster, admittedAt: at };
    case 'Succeeded':
      return { cluster, admittedAt: at, healthySince: at };
    case 'Failed':
      return { cluster, admittedAt: at, failed };
    case 'TimeOut':
      return { cluster, admittedAt: at, failed: { ...failed, isFinal: true } };
    case 'Skip':
      return { cluster, skipped: true };
    default:
      return { cluster };
  }
}

/** What OCM lists, in the shape of `compared`: when it gave a cluster up follows from when it last heard of it. */
function inOurShape(expected: Readonly<Record<string, unknown>>) {
  const listed = (name: string) => (expected[name] ?? []) as readonly (OcmStatus & { readonly recheckAt?: string })[];
  return {
    toRollout: byCluster(
      listed('toRollout').map(({ cluster, status, recheckAt }) => ({
        cluster,
        status,
        ...(recheckAt !== undefined && { recheckAt: isoTime(Date.parse(recheckAt)) }),
      })),
    ),
    timedOut: byCluster(listed('timedOut').map(({ cluster, status }) => ({ cluster, status }))),
    removed: listed('removed')
      .map(({ cluster }) => cluster)
      .toSorted(),
    breached: expected.maxFailureBreach,
    recheckSeconds: expected.recheckAfterSeconds,
  };
}

function byCluster<Listed extends { readonly cluster: string }>(list: readonly Listed[]): Listed[] {
  return list.toSorted((left, right) => (left.cluster < right.cluster ? -1 : 1));
}
