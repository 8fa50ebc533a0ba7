import type { Transaction } from '../transaction.ts';

/**
 * Lets those targets go that wait for their wave in rollouts which come to no wave any more: who went back stays back, and
 * nobody else is held for it. Of all clusters, or of these.
 */
export async function liftWaitingPins(
  transaction: Transaction,
  rollouts: readonly string[],
  clusters?: readonly string[],
): Promise<void> {
  if (rollouts.length === 0) return;
  await transaction.query(
    `UPDATE target SET pin = NULL FROM rollout JOIN rollout_step step ON step.rollout = rollout.uid
     WHERE rollout.uid = ANY($1) AND cause = 'rollback' AND admitted_at IS NULL
       AND ($2::text[] IS NULL OR step.cluster = ANY($2)) AND target.application = rollout.application
       AND target.environment = rollout.environment AND target.cluster = step.cluster
       AND target.pin ->> 'rollout' = rollout.uid`,
    [rollouts, clusters ?? null],
  );
}
