import { rolloutStrategySchema } from '@flotilla/model';
import { advanceRollout } from '../rollout/advance-rollout.ts';
import { freezeRollout } from '../rollout/freeze-rollout.ts';
import type { FrozenRollout, FrozenWave } from '../rollout/rollout-course.ts';
import { movesOf, type RollbackPlace } from './resolve-rollback.ts';
import type { ScopedTargetFacts } from './rollback-scope.ts';

/** How a place goes back, and who does so with the order itself. */
export interface RollbackCourse {
  readonly course: FrozenRollout;
  /** Uids of clusters. */
  readonly admitted: readonly string[];
}

/**
 * The waves of a place as the engine of rollouts takes them. Nobody who is not heard holds anybody up, and nothing soaks;
 * a healthy one that fails stops all that come after it, and so does a wave in which nobody becomes well. The first wave
 * goes with the order: whoever is not well does not wait until somebody looks. Who is there already comes last, and stops
 * nobody.
 */
export function rollbackCourse(place: RollbackPlace, now: Date): RollbackCourse {
  const course: FrozenRollout = {
    waves: [...place.waves.map(waveOf), ...heldWave(place)],
    offline: 'passBy',
    ...deadlineOf(place),
  };
  const evidence = movesOf(place).map(({ cluster }) => ({ cluster: cluster.uid }));
  const { admit } = advanceRollout({ ...course, state: 'Running' }, evidence, now.getTime());
  return { course, admitted: [...admit, ...clustersOf(place.held)] };
}

function waveOf({ name, isWell, moves }: RollbackPlace['waves'][number]): FrozenWave {
  return { name, clusters: clustersOf(moves), minSuccessMs: 0, ...(isWell && { failuresMax: 0 }) };
}

function heldWave({ held }: RollbackPlace): readonly FrozenWave[] {
  return held.length === 0 ? [] : [{ name: 'held', clusters: clustersOf(held), minSuccessMs: 0, mayBeBarren: true }];
}

function clustersOf(targets: readonly ScopedTargetFacts[]): readonly string[] {
  return targets.map(({ cluster }) => cluster.uid);
}

const usual = rolloutStrategySchema.parse({});

/** What its environment gives one cluster to become well, which counts for going back as for going forward. */
function deadlineOf({ history, environment }: RollbackPlace): Pick<FrozenRollout, 'deadlineMs'> {
  const { rollout } = history.delivery.stages.find((stage) => stage.environment === environment) ?? {};
  const { deadlineMs } = freezeRollout(rollout?.strategy ?? usual, rollout?.narrowing, []);
  return deadlineMs === undefined ? {} : { deadlineMs };
}
