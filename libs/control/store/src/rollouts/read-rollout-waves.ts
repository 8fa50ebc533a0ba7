import { clusterEvidence, phased, type HeldTurn, type RolloutWaveRecord } from '@flotilla/control-delivery';
import type { Reason } from '@flotilla/model';
import { RolloutRow } from '../rows/rollout.row.ts';
import type { Store } from '../store.ts';
import { isOpen } from './open-rollouts.ts';
import { readCourse, type KnownCourse, type KnownStep } from './read-course.ts';

/** Who is where in a rollout, wave by wave; nothing where everybody was admitted at once. */
export function readRolloutWaves(store: Store, uid: string): Promise<readonly RolloutWaveRecord[]> {
  return store.transact(async (transaction) => {
    const rollout = await transaction.manager.findOneBy(RolloutRow, { uid });
    if (!rollout?.strategy) return [];
    return wavesOf(await readCourse(transaction, rollout), store.now().getTime());
  });
}

function wavesOf({ course, steps }: KnownCourse, now: number): RolloutWaveRecord[] {
  return course.waves.map(({ name, uncovered, minSuccessMs }, wave) => ({
    name,
    ...(uncovered && { uncovered }),
    members: steps
      .filter((step) => step.wave === wave)
      .map((step) => memberOf(step, { minSuccessMs, deadlineMs: course.deadlineMs }, now)),
  }));
}

function memberOf(step: KnownStep, limits: Parameters<typeof phased>[1], now: number) {
  const { phase, until } = phased(clusterEvidence(step), limits, now);
  const { reason } = step.admittedAt === undefined ? {} : (step.said ?? {});
  return {
    cluster: step.name,
    phase,
    ...(reason && phase !== 'Done' && { reason }),
    ...(until !== undefined && { until: new Date(until) }),
  };
}

type TurnRow = Omit<HeldTurn, 'blocked' | 'since'> & { readonly blocked: Reason | null; readonly since: Date | null };

/** The rollout in waves that a target does not take the release of yet. */
export async function readHeldTurn(store: Store, target: string): Promise<HeldTurn | undefined> {
  const [row] = await store.query<TurnRow>(
    `SELECT rollout.application_name AS application, rollout.environment, revision, state, skipped, blocked,
       blocked_since AS since, coalesce(strategy -> 'waves' -> step.wave ->> 'name', '') AS wave
     FROM target JOIN rollout ON rollout.application = target.application AND rollout.environment = target.environment
       AND strategy IS NOT NULL AND ${isOpen} AND rollout.release <> target.release
     JOIN rollout_step step ON step.rollout = rollout.uid AND step.cluster = target.cluster
     WHERE target.uid = $1 ORDER BY rollout.created_at DESC LIMIT 1`,
    [target],
  );
  if (!row) return undefined;
  const { blocked, since, ...turn } = row;
  return { ...turn, ...(blocked && { blocked }), ...(since && { since }) };
}
