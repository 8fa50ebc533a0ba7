import type { Ids } from '@flotilla/foundation';
import { isOpenRollout, shortCommit, type RolloutState } from '@flotilla/model';
import type { ApplicationFacts, DeliveryFacts, ReleaseFacts, StageFacts } from '../facts.ts';
import { courseInto } from '../rollout/course-into.ts';
import type { PlannedRollout } from './delivery-plan.ts';
import { isForNobody, openClusters } from './open-clusters.ts';

/**
 * A rollout for each environment that gets another release than it has, with its waves where the environment has some; it
 * takes over from one that still runs there.
 */
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

/** Running rollouts whose environment left the pipeline. */
export function planWithdrawals({ running, stages }: DeliveryFacts): string[] {
  const staged = new Set(stages.map(({ environment }) => environment));
  return running.filter(({ environment }) => !staged.has(environment)).map(({ rollout }) => rollout);
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

/** What a rollout that begins is to people: one line of the ledger. */
export function rolloutText(rollout: PlannedRollout, { name }: ApplicationFacts): string {
  const { cause, environment } = rollout;
  const revision = shortCommit(rollout.revision);
  if (cause === 'rollback') return `${name} in ${environment} goes back to ${revision}`;
  return `${name} ${revision} enters ${environment}`;
}
