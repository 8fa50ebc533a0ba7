import type { RolloutState } from '@flotilla/model';
import { isOpen } from '../rollouts/open-rollouts.ts';
import type { Transaction } from '../transaction.ts';

export interface RolloutFacts {
  readonly application: string;
  readonly rollout: string;
  readonly environment: string;
  readonly release: string;
  /** It has not come to an end. */
  readonly running: boolean;
  readonly state: RolloutState;
  /** It goes over its clusters in waves. */
  readonly staged: boolean;
  readonly newest: boolean;
  readonly project: string;
  readonly name: string;
}

/** One environment that an application runs in. */
export interface EnteredEnvironment {
  readonly application: string;
  readonly environment: string;
}

/**
 * The newest rollout into each of these environments, and whatever else still runs of these applications. Who goes back
 * holds targets and settles nothing for the environment: what it runs once nothing is held any more came by another way.
 */
export function readRollouts(
  transaction: Transaction,
  applications: readonly string[],
  entered: readonly EnteredEnvironment[],
): Promise<RolloutFacts[]> {
  const columns = `application, uid AS rollout, rollout.environment, release, ${isOpen} AS running, state,
    strategy IS NOT NULL AS staged, project,
    application_name AS name`;
  return transaction.query<RolloutFacts>(
    `WITH newest AS (
       SELECT last.* FROM unnest($2::text[], $3::text[]) AS asked (application, environment) CROSS JOIN LATERAL (
         SELECT ${columns} FROM rollout
         WHERE rollout.application = asked.application AND rollout.environment = asked.environment
           AND cause <> 'rollback'
         ORDER BY created_at DESC LIMIT 1) last)
     SELECT *, true AS newest FROM newest
     UNION ALL SELECT ${columns}, false FROM rollout
     WHERE application = ANY($1) AND ${isOpen} AND uid NOT IN (SELECT rollout FROM newest)`,
    [applications, entered.map(({ application }) => application), entered.map(({ environment }) => environment)],
  );
}
