import type { Ids } from '@flotilla/foundation';
import { isOpenRollout, shortCommit, type RolloutState } from '@flotilla/model';
import type { ApplicationFacts, ClusterFacts, DeliveryFacts, ReleaseFacts, StageFacts } from '../facts.ts';
import { courseInto } from '../rollout/course-into.ts';
import type { PlannedRollout } from './delivery-plan.ts';
import { stageClusters } from './stage-clusters.ts';

/** A rollout for each environment that gets another release than it has; it takes over from one that still runs there. */
export function planRollouts(
  facts: DeliveryFacts,
  chosen: ReadonlyMap<string, ReleaseFacts>,
  ids: Ids,
): PlannedRollout[] {
  return facts.stages.flatMap((stage) => {
    const { environment, current, following, rollout } = stage;
    const release = chosen.get(environment);
    if (!release || release.uid === current?.release) return [];
    const clusters = rollout && openClusters(stage, release, facts);
    const { targets } = facts;
    return [
      {
        uid: ids.next(),
        environment,
        release: release.uid,
        revision: release.revision,
        cause: following ? 'promotion' : 'tracking',
        ...(current?.running && { supersedes: current.rollout }),
        ...(clusters && { course: courseInto({ environment, rollout }, release, { targets, clusters }) }),
      },
    ];
  });
}

/** Who is held is passed by, unless what enters is what he is held at. */
function openClusters(stage: StageFacts, { digests }: ReleaseFacts, facts: DeliveryFacts): readonly ClusterFacts[] {
  const { environment } = stage;
  const held = facts.targets.filter(
    ({ environment: where, pin }) => where === environment && pin && pin.content.sourceDigest !== digests[environment],
  );
  const passedBy = new Set(held.map(({ cluster }) => cluster));
  return stageClusters(stage, facts).filter(({ uid }) => !passedBy.has(uid));
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
