import type { ClusterRecord, ForgetCluster } from '@flotilla/control-fleet';
import { Fault } from '@flotilla/foundation';
import { actorText } from '@flotilla/model';
import { JoinTokenRow } from '../rows/join-token.row.ts';
import { ClusterRow, ForgottenClusterRow } from '../rows/cluster.row.ts';
import { LastReportRow, LivenessRow } from '../rows/liveness.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { revokeKeys } from './key-store.ts';

/**
 * Takes a cluster off the record. Its applications are planned again, and that lets go of its targets: nobody there will
 * ever confirm that they left. What was deployed there keeps the cluster's name.
 */
export function forgetCluster(store: Store, request: ForgetCluster): Promise<ClusterRecord | undefined> {
  const { project, name, evenConnected, by } = request;
  return store.transact(async (transaction) => {
    const [cluster] = await transaction.query<{ uid: string; connection: string | null }>(
      `SELECT uid, connection FROM cluster LEFT JOIN liveness ON liveness.cluster = uid
       WHERE project = $1 AND name = $2 FOR UPDATE OF cluster`,
      [project, name],
    );
    if (!cluster) return undefined;
    const { uid, connection } = cluster;
    if (connection === 'Connected' && !evenConnected) throw stillHeard(project, name);
    const { manager } = transaction;
    const forgotten = { uid, project, name, at: store.now(), actor: actorText(by) };
    await manager.upsert(ForgottenClusterRow, forgotten, ['uid']);
    await manager.delete(ClusterRow, { uid });
    for (const row of [JoinTokenRow, LivenessRow, LastReportRow]) await manager.delete(row, { cluster: uid });
    // The record goes; whoever still holds one of its keys is refused by the broker all the same.
    await revokeKeys(transaction, uid, store.now());
    const targets = await letGo(transaction, uid);
    const message = `${name} is forgotten; what it runs stays there as it is, and nobody looks after it (targets: ${targets})`;
    transaction.record({
      project,
      actor: by,
      action: 'cluster.forget',
      subject: `Cluster ${project}/${name}`,
      message,
    });
    transaction.changed('cluster', project, [uid]);
    return { uid, project, name };
  });
}

/** Has every application planned that runs there, and says how many targets that is. */
async function letGo(transaction: Transaction, cluster: string): Promise<number> {
  const targets = await transaction.query<{ application: string }>(
    `SELECT application FROM target WHERE cluster = $1 AND gone_generation IS NULL`,
    [cluster],
  );
  transaction.mark(
    'plan',
    targets.map(({ application }) => application),
  );
  return targets.length;
}

function stillHeard(project: string, name: string): Fault {
  return new Fault({
    code: 'conflict',
    reason: 'ClusterConnected',
    message: `Cluster ${project}/${name} is heard; stop its agent first, or say --even-connected: its agent will be told nothing any more`,
  });
}
