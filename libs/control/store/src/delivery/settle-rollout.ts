import type { RolloutProgress } from '@flotilla/control-delivery';
import { isOpenRollout, rolloutStates, systemActor } from '@flotilla/model';
import { In } from 'typeorm';
import { lookAtWaves } from '../rollouts/look-at-waves.ts';
import { RolloutRow } from '../rows/rollout.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { markFollowed } from './mark-followed.ts';

/** Looks at a rollout: admits whoever has its turn, and closes it when all is done. */
export function settleRollout(store: Store, uid: string): Promise<RolloutProgress | undefined> {
  return store.transact(async (transaction) => {
    const state = In(rolloutStates.filter(isOpenRollout));
    const rollout = await transaction.manager.findOneBy(RolloutRow, { uid, state });
    if (!rollout) return undefined;
    return rollout.strategy ? lookAtWaves(transaction, uid, store.now()) : settleAtOnce(transaction, rollout);
  });
}

/** Counts how many targets arrived where everybody was admitted at once; when all did, the release is good. */
async function settleAtOnce(transaction: Transaction, rollout: RolloutRow): Promise<RolloutProgress | undefined> {
  const { project, application, applicationName, environment, release, uid, cause } = rollout;
  const isBack = cause === 'rollback';
  const [counted] = await transaction.query<{ total: number; arrived: number }>(
    `SELECT count(*)::int AS total, count(*) FILTER (WHERE ${arrived} AND target.release = $4)::int AS arrived
       FROM target LEFT JOIN target_status status ON status.target = target.uid
       WHERE application = $1 AND environment = $2 AND intent = 'run' AND gone_generation IS NULL
         AND coalesce(pin ->> 'rollout', '') = $3`,
    // What a freeze keeps at the release before it is well, and has not arrived.
    [application, environment, isBack ? uid : '', release],
  );
  const progress = { application: applicationName, environment, total: counted!.total, arrived: counted!.arrived };
  if (isBack && progress.total === 0) return endLifted(transaction, rollout);
  if (progress.total === 0 || progress.arrived < progress.total) return progress;
  const { total, arrived: reached } = progress;
  const finished = { state: 'Finished' as const, finishedAt: () => 'now()', total, arrived: reached };
  const { affected } = await transaction.manager.update(RolloutRow, { uid, state: 'Running' }, finished);
  // A plan has put a newer one in its place at this very moment.
  if (affected === 0) return undefined;
  await transaction.query(
    `UPDATE target SET last_good = $3 WHERE application = $1 AND environment = $2 AND release = $3`,
    [application, environment, release],
  );
  await markFollowed(transaction, [application]);
  transaction.changed('rollout', project, [uid]);
  transaction.record({
    project,
    actor: systemActor('delivery'),
    action: 'rollout.finish',
    subject: `Application ${project}/${applicationName}`,
    message: `${applicationName} arrived on all ${progress.total} targets of ${environment}`,
  });
  return progress;
}

/** Nothing is held by it any more: its targets went on before all of them arrived. */
async function endLifted(transaction: Transaction, { uid, project }: RolloutRow): Promise<undefined> {
  const superseded = { state: 'Superseded' as const, finishedAt: () => 'now()', total: 0, arrived: 0 };
  const { affected } = await transaction.manager.update(RolloutRow, { uid, state: 'Running' }, superseded);
  if (affected !== 0) transaction.changed('rollout', project, [uid]);
}

/** Over the rows of `rollout`: how many targets run its release, and how many of them it reached. */
export function countedTargets(condition = ''): string {
  return `(SELECT count(*)::int FROM target LEFT JOIN target_status status ON status.target = target.uid
    WHERE target.application = rollout.application AND target.environment = rollout.environment
      AND target.release = rollout.release AND intent = 'run' AND gone_generation IS NULL ${condition})`;
}

/** Health counts only when it was reported for the generation that brought the release. */
export const arrived = `status.generation = target.generation AND status.release = target.release
  AND status.sync = 'Synced' AND status.health = 'Healthy'`;
