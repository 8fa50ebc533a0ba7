import type { RolloutCourseView, TargetView } from '@flotilla/contracts';
import { byUrgency, type ClusterPhase } from '@flotilla/model';
import { phaseLooks } from '../../status/delivery-looks.ts';
import type { Progress } from '../progress.ts';
import type { BarPart } from '../../status/tone-bar.tsx';

export type Member = RolloutCourseView['waves'][number]['members'][number];

/** A cluster that something failed on, and the wave that it is in. */
export interface FailedMember extends Member {
  readonly wave: string;
}

/** How a wave stands: something of it failed, it is under way, its turn has not come, or it is over. */
export type WaveStanding = 'failing' | 'going' | 'waiting' | 'done';

/** One wave as people look at it. */
export interface CourseWave {
  readonly name: string;
  readonly standing: WaveStanding;
  readonly done: number;
  readonly total: number;
  /** Who is where, in numbers, what needs somebody first. */
  readonly tally: readonly { readonly phase: ClusterPhase; readonly number: number }[];
  /** All but those that failed: they are told before all waves. */
  readonly members: readonly Member[];
  /** What a wave that was to stand for the fleet does not cover. */
  readonly uncovered: readonly string[];
  /** What still has to let it begin. */
  readonly waits: NonNullable<RolloutCourseView['waves'][number]['waits']>;
}

/** The waves of a rollout in their order. */
export function courseWaves({ waves }: Pick<RolloutCourseView, 'waves'>): readonly CourseWave[] {
  return waves.map(({ name, members, uncovered = [], waits = [] }) => ({
    name,
    standing: standingOf(members),
    done: members.filter(({ phase }) => phase === 'Done').length,
    total: members.length,
    tally: tallyOf(members),
    members: members.filter((member) => !hasFailed(member)).toSorted(inReadingOrder),
    uncovered,
    waits,
  }));
}

/** Everybody that failed, whatever the wave. */
export function failedMembers({ waves }: Pick<RolloutCourseView, 'waves'>): readonly FailedMember[] {
  return waves
    .flatMap(({ name, members }) => members.filter(hasFailed).map((member) => ({ ...member, wave: name })))
    .toSorted(inReadingOrder);
}

/** How far a rollout has come by what its waves say: they know of everybody that it goes to. */
export function courseProgress({ waves, status }: RolloutCourseView): Progress {
  const members = waves.flatMap((wave) => wave.members);
  if (members.length === 0) return status;
  const arrived = members.filter(({ phase }) => phase === 'Done').length;
  return { total: members.length, arrived, failing: members.filter(hasFailed).length };
}

/** A wave as a bar: who is where, as lengths; whose turn has not come is left pale. */
export function waveParts({ tally }: Pick<CourseWave, 'tally'>): readonly BarPart[] {
  return tally.toReversed().map(({ phase, number }) => ({
    name: phase,
    number,
    ...(phase !== 'Waiting' && phaseLooks[phase] && { tone: phaseLooks[phase].tone }),
  }));
}

/** A rollout without waves has everybody under way at once; where each of them is, its target says. */
export function membersOf(targets: readonly TargetView[], release: string): readonly Member[] {
  return targets.flatMap(({ spec, status }) => {
    if (spec.release !== release) return [];
    const reached = status.revision === spec.revision;
    const isWell = reached && status.sync === 'Synced' && status.health === 'Healthy';
    const phase: ClusterPhase = isWell ? 'Done' : reached && status.health === 'Degraded' ? 'Failing' : 'UnderWay';
    return [{ cluster: spec.cluster, phase, ...(!isWell && status.reason && { reason: status.reason }) }];
  });
}

function hasFailed({ phase }: Member): boolean {
  return phase === 'Failed' || phase === 'Failing';
}

function standingOf(members: readonly Member[]): WaveStanding {
  if (members.some(hasFailed)) return 'failing';
  const has = (...phases: readonly ClusterPhase[]) => members.some(({ phase }) => phases.includes(phase));
  if (has('UnderWay', 'Soaking')) return 'going';
  if (!has('Waiting')) return 'done';
  return has('Done', 'Forgiven') ? 'going' : 'waiting';
}

function tallyOf(members: readonly Member[]): CourseWave['tally'] {
  const numbers = new Map<ClusterPhase, number>();
  for (const { phase } of members.toSorted(inReadingOrder)) numbers.set(phase, (numbers.get(phase) ?? 0) + 1);
  return [...numbers].map(([phase, number]) => ({ phase, number }));
}

function inReadingOrder(left: Member, right: Member): number {
  return byUrgency(left, right) || (left.cluster < right.cluster ? -1 : 1);
}
