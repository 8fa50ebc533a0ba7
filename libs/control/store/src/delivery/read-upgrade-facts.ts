import type { UpgradeClusterFacts, UpgradeFacts } from '@flotilla/control-delivery';
import type { ClusterFacts, Connection, UpgradeStepState } from '@flotilla/model';
import { connection } from '../readers/connection.ts';
import type { AgentUpgradeRow, UpgradeStepRow } from '../rows/agent-upgrade.row.ts';
import type { Transaction } from '../transaction.ts';

interface StepRow {
  readonly cluster: string;
  readonly name: string;
  readonly state: UpgradeStepState;
  readonly since: Date;
  readonly said: UpgradeStepRow['said'];
  readonly connection: Connection;
  readonly facts: ClusterFacts | null;
  readonly unwell: string[] | null;
}

/** Targets of a cluster that are in step and well; SQL for a condition on `target` and its `status`. */
export const isWell = `status.sync = 'Synced' AND status.health = 'Healthy'`;

/** A target that has left since, or was asked to, is not missed. */
const unwell = `SELECT array_agg(application_name || ' in ' || environment ORDER BY application_name)
  FROM target LEFT JOIN target_status status ON status.target = target.uid
  WHERE target.uid = ANY(step.was_well) AND gone_generation IS NULL AND intent = 'run'
    AND (status.target IS NULL OR NOT (${isWell}))`;

export async function readUpgradeFacts(
  transaction: Transaction,
  { uid, state, version, atOnce, failuresMax, deadlineSeconds, forgiven }: AgentUpgradeRow,
  now: Date,
): Promise<UpgradeFacts> {
  const rows = await transaction.query<StepRow>(
    `SELECT step.cluster, cluster_name AS name, step.state, step.since, step.said, ${connection} AS connection, facts,
       (${unwell}) AS unwell
     FROM upgrade_step step LEFT JOIN cluster ON cluster.uid = step.cluster
     LEFT JOIN liveness ON liveness.cluster = step.cluster WHERE upgrade = $1`,
    [uid],
  );
  const clusters = rows.map(clusterFacts);
  return { state, version, atOnce, failuresMax, deadlineSeconds, forgiven, clusters, now: now.getTime() };
}

function clusterFacts({ since, facts, said, unwell: names, ...row }: StepRow): UpgradeClusterFacts {
  return {
    ...row,
    since: since.getTime(),
    ...(facts && { features: facts.agentFeatures ?? [] }),
    ...(said && { said }),
    unwell: names ?? [],
  };
}
