import type {
  AheadCluster,
  FleetStanding,
  Recovered,
  RecoveryOrder,
  RecoveryRecord,
  Stranger,
} from '@flotilla/control-delivery';
import { epochLeadMax, generationLeadMax } from '@flotilla/control-delivery';
import { actorText, type DesiredEntry } from '@flotilla/model';
import { connection } from '../readers/connection.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { lastSaidFence } from './last-said-fence.ts';

/** Epochs in PostgreSQL. */
export class RecoveryStore implements RecoveryRecord {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async standing(): Promise<FleetStanding> {
    const [fleet] = await this.#store.query<{
      epoch: number;
      clusters: number;
      at: Date | null;
      taken_at: Date | null;
    }>(
      `SELECT newest.epoch, (SELECT count(*)::int FROM cluster) AS clusters, restore.at, restore.taken_at
       FROM (SELECT max(epoch) AS epoch FROM epoch) newest LEFT JOIN restore USING (epoch)
       ORDER BY restore.at DESC LIMIT 1`,
    );
    const { epoch, clusters, at, taken_at: takenAt } = fleet!;
    return {
      epoch,
      clusters,
      ...(at && takenAt && { restored: { at, takenAt } }),
      ahead: await this.#ahead(),
      strangers: await this.#strangers(),
    };
  }

  async entriesOf(cluster: string): Promise<readonly DesiredEntry[]> {
    const rows = await this.#store.query<{ entry: DesiredEntry }>(
      `SELECT entry FROM target WHERE cluster = $1 AND gone_generation IS NULL ORDER BY application_name, environment`,
      [cluster],
    );
    return rows.map(({ entry }) => entry);
  }

  recover({ epoch: seen, reason, by }: RecoveryOrder): Promise<Recovered> {
    return this.#store.transact(async (transaction) => {
      await transaction.query('LOCK TABLE epoch IN EXCLUSIVE MODE');
      const { newest, ahead, highest } = await readEpochs(transaction);
      if (newest !== seen) return { epoch: newest, opened: false };
      const opened = ahead > 0;
      const epoch = opened ? highest + 1 : newest;
      if (opened) await openEpoch(transaction, { epoch, by: actorText(by), reason });
      await transaction.query('DELETE FROM restore');
      const message = opened
        ? `epoch ${epoch} opened, because ${ahead} clusters were ahead of the database: ${reason}`
        : `the restored database goes on in epoch ${epoch}, because no cluster is ahead of it: ${reason}`;
      await sendEverything(transaction, (project) =>
        transaction.record({ project, actor: by, action: 'fleet.recover', subject: `Project ${project}`, message }),
      );
      return { epoch, opened };
    });
  }

  #ahead(): Promise<AheadCluster[]> {
    return this.#store.query<AheadCluster>(
      `SELECT cluster.uid, project, name, ${connection} AS connection,
         jsonb_build_object('epoch', coalesce(wanted.epoch, 0), 'generation', coalesce(wanted.generation, 0)) AS fence,
         jsonb_build_object('epoch', said.epoch, 'generation', said.generation) AS held
       FROM ahead_cluster JOIN cluster ON cluster.uid = ahead_cluster.cluster
       LEFT JOIN liveness ON liveness.cluster = cluster.uid LEFT JOIN desired_set wanted ON wanted.cluster = cluster.uid
       CROSS JOIN LATERAL (${lastSaidFence('cluster.uid')}) said
       ORDER BY project, name`,
    );
  }

  async #strangers(): Promise<Stranger[]> {
    const rows = await this.#store.query<StrangerRow>(
      `SELECT cluster AS uid, last_heard_at, project, name, at, actor
       FROM stranger LEFT JOIN forgotten_cluster forgotten ON forgotten.uid = stranger.cluster
       WHERE NOT EXISTS (SELECT FROM cluster WHERE cluster.uid = stranger.cluster)
       ORDER BY last_heard_at DESC, cluster LIMIT 200`,
    );
    return rows.map(({ uid, last_heard_at: lastHeardAt, project, name, at, actor }) => ({
      uid,
      lastHeardAt,
      ...(project && name && at && actor && { forgotten: { project, name, at, by: actor } }),
    }));
  }
}

interface StrangerRow {
  readonly uid: string;
  readonly last_heard_at: Date;
  readonly project: string | null;
  readonly name: string | null;
  readonly at: Date | null;
  readonly actor: string | null;
}

/** The newest epoch, how many clusters are ahead, and the highest epoch that counts among those they say they hold. */
async function readEpochs(transaction: Transaction): Promise<{ newest: number; ahead: number; highest: number }> {
  const [epochs] = await transaction.query<{ newest: number; ahead: number; highest: number }>(
    `WITH newest AS (SELECT max(epoch) AS epoch FROM epoch)
     SELECT newest.epoch AS newest, (SELECT count(*)::int FROM ahead_cluster) AS ahead,
       greatest(newest.epoch, (SELECT max(said.epoch) FROM ahead_cluster
         CROSS JOIN LATERAL (${lastSaidFence('ahead_cluster.cluster')}) said
         WHERE said.epoch <= newest.epoch + ${epochLeadMax})) AS highest
     FROM newest`,
  );
  return epochs!;
}

/** Puts the set of every cluster under the new epoch, above whatever it holds, so that no number is ever spent twice. */
async function openEpoch(
  transaction: Transaction,
  opened: { epoch: number; by: string; reason: string },
): Promise<void> {
  const { epoch, by, reason } = opened;
  await transaction.query(`INSERT INTO epoch (epoch, opened_at, opened_by, reason) VALUES ($1, now(), $2, $3)`, [
    epoch,
    by,
    reason,
  ]);
  await transaction.query(
    `INSERT INTO desired_set AS stored (cluster, epoch, generation, digest)
     SELECT cluster.uid, $1, 1 + greatest(known.generation, least(coalesce(said.generation, 0), known.generation + ${generationLeadMax})),
       ''
     FROM cluster LEFT JOIN desired_set wanted ON wanted.cluster = cluster.uid
     LEFT JOIN LATERAL (${lastSaidFence('cluster.uid')}) said ON true
     CROSS JOIN LATERAL (SELECT coalesce(wanted.generation, 0) AS generation) known
     WHERE wanted.cluster IS NOT NULL OR said.generation > 0
     ORDER BY cluster.uid COLLATE "C"
     ON CONFLICT (cluster) DO UPDATE SET epoch = excluded.epoch,
       generation = greatest(stored.generation + 1, excluded.generation), digest = ''`,
    [epoch],
  );
  await transaction.query('DELETE FROM issued_set');
  await transaction.query("INSERT INTO issued_set SELECT cluster, epoch, generation, '' FROM desired_set");
}

/** Every cluster is looked at again, and every project is told. */
async function sendEverything(transaction: Transaction, tell: (project: string) => void): Promise<void> {
  const clusters = await transaction.query<{ uid: string; project: string }>('SELECT uid, project FROM cluster');
  transaction.mark(
    'set',
    clusters.map(({ uid }) => uid),
  );
  for (const { uid, project } of clusters) transaction.changed('cluster', project, [uid]);
  for (const project of new Set(clusters.map((cluster) => cluster.project))) tell(project);
}
