import type { RolloutCourseView, RolloutView, TargetView } from '@flotilla/contracts';
import { isoTime } from '@flotilla/foundation';
import { targetsOf, wavesOf } from './rollout-factory.ts';

/** What becomes of a rollout next: how it stands, and who gets its release now. */
export interface RolloutStep {
  readonly rollout: RolloutView;
  readonly admitted: readonly TargetView[];
}

/** One step of a rollout that is under way: too simple for a control plane, and enough to be looked at. */
export function nextStep(rollout: RolloutView, targets: Iterable<TargetView>, nowMs: number): RolloutStep {
  const here = targetsOf(rollout, targets);
  const waves = wavesOf(rollout, here, nowMs);
  const current = waves.find((wave) => !isOver(wave));
  const failing = here.filter((target) => isAt(rollout, target) && target.status.health === 'Degraded').length;
  const arrived = here.filter((target) => isAt(rollout, target) && target.status.health === 'Healthy').length;
  const status = { ...rollout.status, total: here.length, arrived, failing, ...(current && { wave: current.name }) };
  if (arrived === here.length) return { rollout: { ...rollout, status: finished(status, nowMs) }, admitted: [] };
  if (waves.length > 0 && failing > 0) return { rollout: { ...rollout, status: halted(status, nowMs) }, admitted: [] };
  const next = waves.length > 0 ? waitingIn(current) : new Set(here.map(({ spec }) => spec.cluster));
  const admitted = here.filter(({ spec }) => spec.release !== rollout.spec.release && next.has(spec.cluster));
  return {
    rollout: { ...rollout, status: current ? waiting(status, current, nowMs) : status },
    admitted: admitted.map((target) => ordered(rollout, target, nowMs)),
  };
}

type Wave = RolloutCourseView['waves'][number];
type Status = RolloutView['status'];

function isOver({ members }: Wave): boolean {
  return members.every(({ phase }) => phase === 'Done' || phase === 'Away');
}

function isAt({ spec }: RolloutView, target: TargetView): boolean {
  return target.spec.release === spec.release && target.status.revision === spec.revision;
}

function waitingIn(wave: Wave | undefined): ReadonlySet<string> {
  return new Set(wave?.members.flatMap(({ cluster, phase }) => (phase === 'Waiting' ? [cluster] : [])));
}

function finished({ wave: _, blocked: _blocked, blockedSince: _since, ...status }: Status, nowMs: number): Status {
  return { ...status, state: 'Finished', finishedAt: isoTime(nowMs) };
}

function halted(status: Status, nowMs: number): Status {
  const message = `${status.failing} failed, and at most 0 of wave ${status.wave} may`;
  return { ...status, state: 'Halted', blocked: { code: 'FailuresExceeded', message }, blockedSince: isoTime(nowMs) };
}

function waiting(status: Status, { name, members }: Wave, nowMs: number): Status {
  const moving = members.filter(({ phase }) => phase !== 'Done').length;
  const message = `${moving} of wave ${name} are not well yet`;
  return {
    ...status,
    blocked: { code: 'WaveUnderWay', message },
    blockedSince: status.blockedSince ?? isoTime(nowMs),
  };
}

/** A target that shall run what the rollout brings. */
export function ordered({ spec: { release, revision } }: RolloutView, target: TargetView, nowMs: number): TargetView {
  const spec = { ...target.spec, release, revision, generation: target.spec.generation + 1 };
  return { ...target, spec, status: { ...target.status, sync: 'OutOfSync', since: isoTime(nowMs) } };
}
