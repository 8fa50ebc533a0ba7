import type { RolloutView, TargetView } from '@flotilla/contracts';
import { isoTime } from '@flotilla/foundation';
import { commitOf } from './factories.ts';
import { ordered } from './mock-rollout.ts';
import { rolloutOf, targetsOf } from './rollout-factory.ts';

interface SeededRollouts {
  readonly rollouts: readonly RolloutView[];
  readonly targets: readonly TargetView[];
}

const minute = 60_000;

/** What was before, and three rollouts that stand each in its own way; with the targets as they leave them. */
export function seedRollouts(targets: readonly TargetView[], nowMs: number): SeededRollouts {
  const halted = haltedRollout(targets, nowMs);
  const going = goingRollout(targets, nowMs);
  const moved = new Map([...halted.targets, ...going.targets].map((target) => [target.metadata.uid, target]));
  return {
    rollouts: [...history(targets, nowMs), pausedRollout(nowMs), ...halted.rollouts, ...going.rollouts],
    targets: targets.map((target) => moved.get(target.metadata.uid) ?? target),
  };
}

/** The second of the first two clusters cannot start, and ten wait. */
function haltedRollout(targets: readonly TargetView[], nowMs: number): SeededRollouts {
  const rollout = rolloutOf({ application: 'payments', environment: 'production' }, commitOf(501), nowMs - 9 * minute);
  const here = targetsOf(rollout, targets);
  const message = 'container app is in CrashLoopBackOff: last exit 1, 5 restarts; "unknown column settled_at"';
  const [first, second] = here.slice(0, 2).map((target) => applied(ordered(rollout, target, nowMs - 8 * minute)));
  if (!first || !second) return { rollouts: [], targets: [] };
  const failed = { ...second.status, health: 'Degraded' as const, reason: { code: 'CrashLoopBackOff', message } };
  const blocked = { code: 'FailuresExceeded', message: '1 failed, and at most 0 of wave canary may' };
  const blockedSince = isoTime(nowMs - 6 * minute);
  const status = { total: here.length, arrived: 1, failing: 1, wave: 'canary', blocked, blockedSince };
  return {
    rollouts: [{ ...rollout, status: { state: 'Halted', ...status } }],
    targets: [first, { ...second, status: failed }],
  };
}

/** The first wave is over, the second goes. */
function goingRollout(targets: readonly TargetView[], nowMs: number): SeededRollouts {
  const rollout = rolloutOf({ application: 'checkout', environment: 'production' }, commitOf(502), nowMs - 4 * minute);
  const here = targetsOf(rollout, targets);
  const taken = here.slice(0, 4).map((target, index) => {
    const next = ordered(rollout, target, nowMs - (index < 3 ? 2 * minute : 20_000));
    return index < 3 ? applied(next) : next;
  });
  const blocked = { code: 'WaveUnderWay', message: '1 of wave quarter are not well yet' };
  const status = { total: here.length, arrived: 3, failing: 0, wave: 'quarter', blocked };
  return {
    rollouts: [{ ...rollout, status: { state: 'Running', ...status, blockedSince: isoTime(nowMs - 20_000) } }],
    targets: taken,
  };
}

/** Somebody works at the place by hand. */
function pausedRollout(nowMs: number): RolloutView {
  const rollout = rolloutOf({ application: 'search', environment: 'staging' }, commitOf(503), nowMs - 14 * minute);
  return { ...rollout, status: { state: 'Paused', total: 2, arrived: 0, failing: 0 } };
}

/** How everything that runs came to where it runs. */
function history(targets: readonly TargetView[], nowMs: number): RolloutView[] {
  const newest = new Map(targets.map((target) => [`${target.spec.application}/${target.spec.environment}`, target]));
  return [...newest.values()].toReversed().map(({ spec: { application, environment, revision } }, index) => {
    const began = nowMs - (190 + index * 7) * minute;
    const rollout = rolloutOf({ application, environment }, revision, began);
    const total = targetsOf(rollout, targets).length;
    const finishedAt = isoTime(began + 6 * minute);
    return { ...rollout, status: { state: 'Finished' as const, total, arrived: total, failing: 0, finishedAt } };
  });
}

function applied({ spec, status, ...target }: TargetView): TargetView {
  const { revision, generation } = spec;
  return { ...target, spec, status: { ...status, sync: 'Synced', health: 'Healthy', revision, generation } };
}
