import { isOpenRollout, type ClusterPhase, type Reason } from '@flotilla/model';
import { phased, type PhasedCluster } from './cluster-phase.ts';
import { gatedReason } from './judge-waves.ts';
import type { ClusterEvidence, FrozenWave, RolloutAdvance, RolloutCourse, WaveVerdict } from './rollout-course.ts';

/**
 * Decides who takes the release next. Pure: what is known and the time in, the next step out. One wave after another;
 * what fails beyond a budget stops everything that has not begun. A rollout that a person or a failure stopped admits
 * nobody, and is finished all the same once nothing is left to be decided.
 */
export function advanceRollout(
  rollout: RolloutCourse,
  evidence: readonly ClusterEvidence[],
  now: number,
): RolloutAdvance {
  const waves = standingWaves(rollout, evidence, now);
  const current = waves.findIndex((wave) => !isOver(wave, rollout));
  const wave = current === -1 ? firstFrozen(waves) : current;
  if (!isOpenRollout(rollout.state)) return { admit: [], state: rollout.state, wave };
  if (wave === waves.length && waves.every(isAtRest)) return { admit: [], state: 'Finished', wave };
  const look = nextLook(waves);
  const halted = rollout.state === 'Running' ? haltReason(waves, wave, rollout) : undefined;
  if (halted || rollout.state === 'Halted')
    return { admit: [], state: 'Halted', wave: haltedWave(waves, wave), ...(halted && { blocked: halted }), ...look };
  if (rollout.state !== 'Running') return { admit: [], state: rollout.state, wave, ...look };
  const admit = admissions(waves, wave, rollout);
  const gated = admit.length > 0 ? closedGates(waves[wave]!, rollout) : undefined;
  if (gated) return { admit: [], state: 'Running', wave, ...heldBefore(waves[wave]!, gated, look) };
  const blocked = admit.length === 0 ? blockedBy(waves[wave], rollout) : undefined;
  return { admit, state: rollout.state, wave, ...(blocked && { blocked }), ...look };
}

/** What holds the first of a wave back; what has begun goes on, whatever its gates say afterwards. */
function closedGates(
  { name, gates, members }: StandingWave,
  { begun, verdicts }: RolloutCourse,
): WaveVerdict | undefined {
  if (!gates || begun?.has(name) || members.some(({ admittedAt }) => admittedAt !== undefined)) return undefined;
  const verdict = verdicts?.get(name) ?? notJudged;
  return verdict.waits.length > 0 ? verdict : undefined;
}

/** Whoever forgets to ask lets nobody in. */
const notJudged: WaveVerdict = { waits: [{ gate: 'gates', blockedBy: 'they were not asked' }], passed: [] };

function heldBefore({ name }: StandingWave, verdict: WaveVerdict, look: Pick<RolloutAdvance, 'nextLook'>) {
  const { asks, lookAt } = verdict;
  const looks = [look.nextLook, lookAt].flatMap((at) => at ?? []);
  const blocked = gatedReason(name, verdict);
  return { blocked, ...(asks && { asks }), ...(looks.length > 0 && { nextLook: Math.min(...looks) }) };
}

/** A wave with those of its clusters that are still there. */
interface StandingWave extends FrozenWave {
  readonly members: readonly PhasedCluster[];
}

function standingWaves(
  { waves, deadlineMs }: RolloutCourse,
  evidence: readonly ClusterEvidence[],
  now: number,
): StandingWave[] {
  const known = new Map(evidence.map((each) => [each.cluster, each]));
  return waves.map((wave) => {
    const limits = { minSuccessMs: wave.minSuccessMs, deadlineMs };
    const there = wave.clusters.flatMap((cluster) => known.get(cluster) ?? []);
    return { ...wave, members: there.map((each) => phased(each, limits, now)) };
  });
}

/** A wave holds the next one up until its clusters have their end, and at least one of them is well. */
function isOver(wave: StandingWave, rollout: RolloutCourse): boolean {
  const away = rollout.offline === 'wait' ? ['Away' as const] : [];
  const holding: ClusterPhase[] = ['Waiting', 'UnderWay', 'Soaking', ...away];
  return !wave.members.some(({ phase }) => holding.includes(phase)) && isProven(wave, rollout);
}

/** Where a person passed every cluster by, there is nobody left whose success could be asked for. */
function isProven(wave: StandingWave, rollout: RolloutCourse): boolean {
  const asked = askedOf(wave, rollout);
  return wave.mayBeBarren || asked.length === 0 || asked.some(({ phase }) => phase === 'Done');
}

/** The first wave of which nobody goes back before a freeze ends; as many as there are waves where there is none. */
function firstFrozen(waves: readonly StandingWave[]): number {
  const isFrozen = ({ members }: StandingWave) =>
    members.some(({ phase, frozen }) => phase === 'Away' && frozen) && !members.some(({ phase }) => phase === 'Done');
  const found = waves.findIndex(isFrozen);
  return found === -1 ? waves.length : found;
}

/** Those whose success is asked for. */
function askedOf({ members }: StandingWave, { offline }: RolloutCourse): readonly PhasedCluster[] {
  const passed: ClusterPhase[] = ['Skipped', 'Forgiven', ...(offline === 'passBy' ? ['Away' as const] : [])];
  return members.filter(({ phase }) => !passed.includes(phase));
}

/** Nothing that was begun can still change by itself. */
function isAtRest({ members }: StandingWave): boolean {
  return members.every(({ phase }) => phase !== 'Failing');
}

function haltReason(waves: readonly StandingWave[], current: number, rollout: RolloutCourse): Reason | undefined {
  const failing = waves.map(failuresOf);
  const spent = waves.findIndex(({ failuresMax = Infinity }, index) => failing[index]!.length > failuresMax);
  if (spent !== -1) return failuresExceeded(failing[spent]!, waves[spent]!.failuresMax!, `wave ${waves[spent]!.name}`);
  const { failuresMax = Infinity } = rollout;
  if (failing.flat().length > failuresMax) return failuresExceeded(failing.flat(), failuresMax, 'the rollout');
  const wave = waves[current];
  const isHopeless =
    wave && !isProven(wave, rollout) && askedOf(wave, rollout).every(({ phase }) => phase === 'Failed');
  return isHopeless ? noSuccess(wave) : undefined;
}

/** The first wave in which something failed; the next one never began. */
function haltedWave(waves: readonly StandingWave[], current: number): number {
  const failing = waves.findIndex((wave) => failuresOf(wave).length > 0);
  return failing === -1 ? current : Math.min(failing, current);
}

function failuresOf({ members }: StandingWave): PhasedCluster[] {
  return members.filter(({ phase }) => phase === 'Failing' || phase === 'Failed');
}

/** Whoever waits in this wave, and before them who was away in an earlier one and is back. */
function admissions(waves: readonly StandingWave[], current: number, rollout: RolloutCourse): string[] {
  const begun = waves.slice(0, current + 1);
  const admitted: string[] = [];
  let room = (rollout.atOnce ?? Infinity) - underWay(waves, rollout);
  for (const wave of begun) {
    const here = Math.min(room, (wave.atOnce ?? Infinity) - underWay([wave], rollout));
    const next = wave.members.filter(({ phase }) => phase === 'Waiting').slice(0, Math.max(0, here));
    admitted.push(...next.map(({ cluster }) => cluster));
    room -= next.length;
  }
  return admitted;
}

/** What soaks is under way: a strategy that goes two at a time has at most two that have not proved themselves. */
function underWay(waves: readonly StandingWave[], { offline }: RolloutCourse): number {
  const members = waves.flatMap((wave) => wave.members);
  return members.filter(({ phase, admittedAt }) =>
    phase === 'Away' ? offline === 'wait' && admittedAt !== undefined : moving.has(phase),
  ).length;
}

const moving: ReadonlySet<ClusterPhase> = new Set(['UnderWay', 'Soaking', 'Failing']);

function nextLook(waves: readonly StandingWave[]): { nextLook?: number } {
  const times = waves.flatMap(({ members }) => members.flatMap(({ until }) => until ?? []));
  return times.length === 0 ? {} : { nextLook: times.reduce((left, right) => Math.min(left, right)) };
}

function blockedBy(wave: StandingWave | undefined, { offline }: RolloutCourse): Reason | undefined {
  if (!wave) return undefined;
  const counted = (phase: ClusterPhase) => wave.members.filter((each) => each.phase === phase).length;
  const [moves, soaks, away] = [counted('UnderWay') + counted('Failing'), counted('Soaking'), counted('Away')];
  if (moves > 0) return { code: 'WaveUnderWay', message: `${moves} of wave ${wave.name} are not well yet` };
  if (soaks > 0) return { code: 'WaveSoaking', message: `${soaks} of wave ${wave.name} have to stay well for longer` };
  const waited = offline === 'wait' ? '' : ', and nobody else of it is well';
  return { code: 'ClustersAway', message: `${away} of wave ${wave.name} are not heard or held back${waited}` };
}

function failuresExceeded(failed: readonly PhasedCluster[], failuresMax: number, where: string): Reason {
  const message = `${failed.length} failed, and at most ${failuresMax} of ${where} may`;
  return { code: 'FailuresExceeded', message };
}

function noSuccess({ name }: StandingWave): Reason {
  return { code: 'NoSuccess', message: `no cluster of wave ${name} became well` };
}
