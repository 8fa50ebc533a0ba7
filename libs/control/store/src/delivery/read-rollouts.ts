import type { Transaction } from '../transaction.ts';

export interface RolloutFacts {
  readonly rollout: string;
  readonly environment: string;
  readonly release: string;
  readonly running: boolean;
  readonly newest: boolean;
  readonly project: string;
  readonly name: string;
}

/** The newest rollout into each environment, and whatever else still runs. */
export function readRollouts(
  transaction: Transaction,
  application: string,
  environments: readonly string[],
): Promise<RolloutFacts[]> {
  const columns = `uid AS rollout, rollout.environment, release, state = 'Running' AS running, project, application_name AS name`;
  return transaction.query<RolloutFacts>(
    `WITH newest AS (
       SELECT last.* FROM unnest($2::text[]) AS asked (environment) CROSS JOIN LATERAL (
         SELECT ${columns} FROM rollout WHERE application = $1 AND rollout.environment = asked.environment
         ORDER BY created_at DESC LIMIT 1) last)
     SELECT *, true AS newest FROM newest
     UNION ALL SELECT ${columns}, false FROM rollout
     WHERE application = $1 AND state = 'Running' AND uid NOT IN (SELECT rollout FROM newest)`,
    [application, environments],
  );
}
