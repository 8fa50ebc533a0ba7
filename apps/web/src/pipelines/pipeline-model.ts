import type { CandidateView, RolloutView, StageView, TargetCountView, TargetView } from '@flotilla/contracts';
import { isOpenRollout } from '@flotilla/model';
import { countKey } from '../live/live-key.ts';
import type { TargetsByPlace } from '../rollouts/progress.ts';
import type { WrittenStage } from './written-stages.ts';

/** What some targets of a stage run. */
export interface Running {
  readonly revision: string;
  readonly release: string;
  readonly targets: number;
  /** How many of them a rollback holds there. */
  readonly held: number;
  /** Since when all of them do. */
  readonly since?: string;
}

export type StageHold = NonNullable<StageView['status']['holds']>[number];

/** A stage of an application, with all that is known of it. */
export interface StageModel extends WrittenStage {
  readonly counts: TargetCountView | undefined;
  /** What runs there, what most of its targets run first. */
  readonly runs: readonly Running[];
  /** The rollout that is under way into it. */
  readonly rollout: RolloutView | undefined;
  /** What people hold there: all of it, or one release. */
  readonly holds: readonly StageHold[];
  /** What waits before it, newest first. */
  readonly candidates: readonly CandidateView[];
}

/** What is known of a project, as far as pipelines are about it. */
export interface PipelineFacts {
  readonly stages: readonly StageView[];
  readonly counts: ReadonlyMap<string, TargetCountView>;
  readonly rollouts: Iterable<RolloutView>;
  readonly targets: TargetsByPlace;
}

/** The stages of an application in the order in which they are written. */
export function pipelineOf(
  application: string,
  written: readonly WrittenStage[],
  { stages, counts, rollouts, targets }: PipelineFacts,
): readonly StageModel[] {
  const open = [...rollouts].filter(
    ({ spec, status }) => spec.application === application && isOpenRollout(status.state),
  );
  return written.map((stage) => {
    const key = countKey(application, stage.environment);
    const standing = stages.find(isStage(application, stage.environment))?.status;
    return {
      ...stage,
      holds: standing?.holds ?? [],
      counts: counts.get(key),
      runs: runsOf(targets.get(key) ?? []),
      rollout: open.findLast(({ spec }) => spec.environment === stage.environment),
      candidates: standing?.candidates ?? [],
    };
  });
}

function isStage(application: string, environment: string): (stage: StageView) => boolean {
  return ({ spec }) => spec.application === application && spec.environment === environment;
}

function runsOf(targets: readonly TargetView[]): Running[] {
  const found = new Map<string, TargetView[]>();
  for (const target of targets) {
    const { revision } = target.status;
    if (revision !== undefined) found.set(revision, [...(found.get(revision) ?? []), target]);
  }
  return [...found]
    .map(([revision, here]) => runningOf(revision, here))
    .toSorted((left, right) => right.targets - left.targets);
}

function runningOf(revision: string, here: readonly TargetView[]): Running {
  const applied = here.flatMap(({ status }) => status.appliedAt ?? []).toSorted();
  const since = applied.at(-1);
  return {
    revision,
    // What is on its way is ordered already: its release is not the one that runs.
    release: here.find(({ spec }) => spec.revision === revision)?.spec.release ?? '',
    targets: here.length,
    held: here.filter(({ spec }) => spec.pin).length,
    ...(since && { since }),
  };
}

/** What waits before a stage and could enter, the newest first. */
export function waitingBefore({ candidates }: Pick<StageModel, 'candidates'>): readonly CandidateView[] {
  return candidates.filter(({ state }) => state === 'Waits' || state === 'Enters');
}

/** Gates that only people open: a list of what waits has those first. */
export function waitsForPeople({ waits }: CandidateView): boolean {
  return waits.some(({ gate }) => gate === 'promote' || gate.startsWith('approval'));
}

/** Where a link to a stage leads. A name of somebody else's is no address of ours: only a plain one can be led to. */
export function anchorOf(environment: string): string | undefined {
  return /^[\w-]+$/.test(environment) ? `stage-${environment}` : undefined;
}

/** What enters a stage, and what it asks of it. */
export function entryText({ tracks, after, promote = 'auto', gates }: WrittenStage): string {
  if (tracks !== undefined) return `each commit of ${tracks}`;
  const asked = gates.length > 0 ? `; gates: ${gates.join(', ')}` : '';
  return `after ${after.join(' and ')}, ${promote === 'auto' ? 'by itself' : 'when a person promotes it'}${asked}`;
}
