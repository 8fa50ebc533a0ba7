import { parseDuration } from '@flotilla/foundation';
import {
  countOf,
  matchesLabels,
  type Amount,
  type RolloutNarrowing,
  type RolloutStrategy,
  type RolloutWave,
} from '@flotilla/model';
import type { FrozenRollout, FrozenWave } from './rollout-course.ts';
import { byFacts, byLabels, uncoveredBy, type WaveCandidate } from './spread.ts';

/**
 * Chooses the clusters of every wave, once, and turns percentages into numbers: a wave is rounded up, a budget down, and
 * at least one cluster may always be under way. What the application says makes it narrower and never wider.
 */
export function freezeRollout(
  strategy: RolloutStrategy,
  narrowing: RolloutNarrowing | undefined,
  clusters: readonly WaveCandidate[],
): FrozenRollout {
  const total = clusters.length;
  const { offline, maxFailures, progressDeadline, onFailure } = strategy;
  const deadlines = [progressDeadline, narrowing?.progressDeadline].flatMap(millisecondsOf);
  return {
    waves: freezeWaves(strategy, clusters).map((wave) => soaking(wave, narrowing)),
    offline,
    ...(onFailure === 'rollback' && { onFailure }),
    ...atOnceOf([strategy.maxConcurrency, narrowing?.maxConcurrency], total),
    ...failuresOf([maxFailures, narrowing?.maxFailures], total),
    ...(deadlines.length > 0 && { deadlineMs: Math.min(...deadlines) }),
  };
}

/** Which clusters go in which wave; those that no wave takes form the last one. */
export function freezeWaves(
  { waves = [] }: Pick<RolloutStrategy, 'waves'>,
  clusters: readonly WaveCandidate[],
): readonly FrozenWave[] {
  const byName = clusters.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  let left: readonly WaveCandidate[] = byName;
  const frozen = waves.map((wave) => {
    const members = membersOf(wave, left, clusters.length);
    const taken = new Set(members);
    left = left.filter((cluster) => !taken.has(cluster));
    return frozenWave(wave, members, byName);
  });
  return left.length > 0 ? [...frozen, frozenWave({ name: restName(waves) }, left, byName)] : frozen;
}

function membersOf(wave: RolloutWave, left: readonly WaveCandidate[], total: number): readonly WaveCandidate[] {
  const { take = '100%', match, spreadBy = [] } = wave;
  const candidates = left.filter(({ labels }) => !match || matchesLabels(match, labels));
  const count = countOf(take, total, 'up') ?? total;
  return spreadBy === 'facts' ? byFacts(candidates, count) : byLabels(candidates, spreadBy).slice(0, count);
}

function frozenWave(
  { name, spreadBy, minSuccessTime, maxFailures, maxConcurrency, gates }: RolloutWave,
  members: readonly WaveCandidate[],
  all: readonly WaveCandidate[],
): FrozenWave {
  const uncovered = spreadBy === 'facts' ? uncoveredBy(members, all) : [];
  return {
    name,
    clusters: members.map(({ uid }) => uid),
    minSuccessMs: millisecondsOf(minSuccessTime)[0] ?? 0,
    ...failuresOf([maxFailures], members.length),
    ...atOnceOf([maxConcurrency], members.length),
    ...(gates && { gates }),
    ...(uncovered.length > 0 && { uncovered }),
  };
}

function soaking(wave: FrozenWave, narrowing: RolloutNarrowing | undefined): FrozenWave {
  return { ...wave, minSuccessMs: Math.max(wave.minSuccessMs, ...millisecondsOf(narrowing?.minSuccessTime)) };
}

function restName(waves: readonly RolloutWave[]): string {
  return waves.some(({ name }) => name === 'rest') ? 'remaining' : 'rest';
}

function failuresOf(amounts: readonly (Amount | undefined)[], total: number): { failuresMax?: number } {
  const counts = amounts.flatMap((amount) => countOf(amount, total, 'down') ?? []);
  return counts.length === 0 ? {} : { failuresMax: Math.min(...counts) };
}

function atOnceOf(amounts: readonly (Amount | undefined)[], total: number): { atOnce?: number } {
  const counts = amounts.flatMap((amount) => countOf(amount, total, 'up') ?? []);
  return counts.length === 0 ? {} : { atOnce: Math.max(1, Math.min(...counts)) };
}

function millisecondsOf(text: string | undefined): number[] {
  const parsed = text === undefined ? undefined : parseDuration(text);
  return parsed === undefined ? [] : [parsed];
}
