import type { Ids } from '@flotilla/foundation';
import { isOpenRollout, shortCommit, type RolloutCause, type RolloutState } from '@flotilla/model';
import type { ApplicationFacts, DeliveryFacts, ReleaseFacts, StageFacts } from '../facts.ts';
import { courseInto } from './course-into.ts';
import { isForNobody, openClusters } from './open-clusters.ts';
import type { FrozenRollout } from './rollout-course.ts';

/** A rollout that a plan begins. */
export interface PlannedRollout {
  readonly uid: string;
  readonly environment: string;
  readonly release: string;
  readonly revision: string;
  readonly cause: RolloutCause;
  /** The order to go back that it carries out. */
  readonly rollback?: string;
  /** The rollout that this one takes over from before it finished. */
  readonly supersedes?: string;
  /** How it goes where it goes in waves; otherwise everybody is admitted at once. */
  readonly course?: FrozenRollout;
  /** Clusters that take its release with the order itself. */
  readonly admitted?: readonly string[];
  /** It goes back on some of what runs there only, so that it says nothing of the environment. */
  readonly partial?: boolean;
}

/** What goes in waves finishes or fails before the next begins; by then, only the newest of those that wait is one. */
export function notHeldUp(
  newest: ReadonlyMap<string, ReleaseFacts>,
  stages: readonly StageFacts[],
): ReadonlyMap<string, ReleaseFacts> {
  const busy = stages.filter(({ current }) => current?.admission && isUnderWay(current.admission.state));
  const waiting = new Set(busy.map(({ environment }) => environment));
  return new Map([...newest].filter(([environment]) => !waiting.has(environment)));
}

function isUnderWay(state: RolloutState): boolean {
  return isOpenRollout(state) && state !== 'Halted';
}

/** What entered a stage when nobody could take it goes over its clusters in waves once somebody can. */
export function beginningAnew(
  { stages, ...facts }: DeliveryFacts,
  known: ReadonlyMap<string, ReleaseFacts>,
): ReadonlyMap<string, ReleaseFacts> {
  const waiting = stages.filter((stage) => stage.rollout && isForNobody(stage, facts));
  return new Map(
    waiting.flatMap((stage) => {
      const release = known.get(stage.current!.release);
      const refused = facts.quarantine.some(({ digest }) => digest === release?.digests[stage.environment]);
      const isOpen = release && !refused && openClusters(stage, release, facts).length > 0;
      return isOpen ? [[stage.environment, release] as const] : [];
    }),
  );
}

/** The rollouts that begin, each with its waves where its environment has some. */
export function planRollouts(
  facts: DeliveryFacts,
  chosen: ReadonlyMap<string, ReleaseFacts>,
  ids: Ids,
): PlannedRollout[] {
  return facts.stages.flatMap((stage) => {
    const { environment, current, following, rollout } = stage;
    const release = chosen.get(environment);
    if (!release || (release.uid === current?.release && !isForNobody(stage, facts))) return [];
    const clusters = openClusters(stage, release, facts);
    const { targets } = facts;
    return [
      {
        uid: ids.next(),
        environment,
        release: release.uid,
        revision: release.revision,
        cause: following ? 'promotion' : 'tracking',
        ...(current?.running && { supersedes: current.rollout }),
        // Without anybody in its waves a rollout would be over at once, and count as done.
        ...(rollout &&
          clusters.length > 0 && { course: courseInto({ environment, rollout }, release, { targets, clusters }) }),
      },
    ];
  });
}

/** Rollouts into what is no stage any more. */
export function planWithdrawals({ running, stages }: DeliveryFacts): string[] {
  const staged = new Set(stages.map(({ environment }) => environment));
  return running.filter(({ environment }) => !staged.has(environment)).map(({ rollout }) => rollout);
}

/** One line for the ledger. */
export function rolloutText(rollout: PlannedRollout, { name }: ApplicationFacts): string {
  const { cause, environment } = rollout;
  const revision = shortCommit(rollout.revision);
  if (cause === 'rollback') return `${name} in ${environment} goes back to ${revision}`;
  return `${name} ${revision} enters ${environment}`;
}
