import { heldBack, type HoldReason, type SetContent } from '@flotilla/control-delivery';
import { compareFences, type DesiredEntry, type Fence, type HeldFence, type WishedAgent } from '@flotilla/model';
import type { Store } from '../store.ts';
import { lastSaidFence } from './last-said-fence.ts';

interface SetRow {
  readonly epoch: number;
  readonly generation: number;
  readonly digest: string;
  readonly held: Fence;
  readonly hold: HoldReason | null;
  readonly entries: DesiredEntry[] | null;
  readonly gone: string[] | null;
  readonly agent: WishedAgent | null;
}

/**
 * What a cluster that holds `held`, or that last said in a hello or a report what it holds, is missing. What it holds may
 * be older than we believe, never newer without its saying so; a change that starts too early is merged all the same, so
 * a late fence costs bytes only. One statement, because fence, digest and entries must come from one moment.
 */
export async function readSet(
  store: Store,
  cluster: string,
  held: HeldFence | 'last-heard',
): Promise<SetContent | undefined> {
  const said = held === 'last-heard' ? [null, null, null] : [held.epoch, held.generation, held.setDigest ?? ''];
  const [set] = await store.query<SetRow>(
    `WITH wanted AS (
       SELECT wanted.cluster, wanted.epoch, wanted.generation, digest, coalesce($2, said.epoch) IS NOT NULL AS heard,
         coalesce($2, said.epoch, 0) AS held_epoch, coalesce($3, said.generation, 0) AS held_generation,
         coalesce($4, said.set_digest, '') AS held_digest
       FROM desired_set wanted LEFT JOIN LATERAL (${lastSaidFence('wanted.cluster')}) said ON true
       WHERE wanted.cluster = $1),
     since AS (SELECT CASE WHEN held_epoch = epoch THEN held_generation ELSE 0 END AS generation FROM wanted)
     SELECT epoch, generation, digest,
       jsonb_build_object('epoch', held_epoch, 'generation', held_generation) AS held,
       CASE WHEN (held_epoch, held_generation) > (epoch, generation) OR ${heldIsNotOurs} THEN 'ahead'
         WHEN NOT ${isRestored} THEN NULL WHEN NOT heard THEN 'unheard'
         WHEN EXISTS (SELECT FROM ahead_cluster) THEN 'others-ahead' END AS hold,
       (SELECT jsonb_agg(entry) FROM target, since
        WHERE cluster = $1 AND gone_generation IS NULL AND target.generation > since.generation) AS entries,
       (SELECT array_agg(uid) FROM target, since WHERE cluster = $1 AND gone_generation > since.generation) AS gone,
       (${wishedAgent}) AS agent
     FROM wanted`,
    [cluster, ...said],
  );
  if (set?.hold === 'ahead') throw heldBack(cluster, set.hold);
  if (!set || compareFences(set.held, set) >= 0) return undefined;
  if (set.hold) throw heldBack(cluster, set.hold);
  return {
    cluster,
    fence: { epoch: set.epoch, generation: set.generation },
    previous: set.held.epoch === set.epoch ? set.held.generation : 0,
    entries: set.entries ?? [],
    gone: set.gone ?? [],
    setDigest: set.digest,
    ...(set.agent && { agent: set.agent }),
  };
}

/** Wished for while the cluster is being upgraded, and not a moment longer. */
const wishedAgent = `SELECT jsonb_build_object('upgrade', uid, 'image', image, 'version', version,
    'deadlineSeconds', deadline_seconds)
  FROM upgrade_step step JOIN agent_upgrade ON uid = step.upgrade
  WHERE step.cluster = $1 AND step.state = 'Upgrading' ORDER BY created_at DESC LIMIT 1`;

/** Of these clusters, those whose set is newer than what they hold, and may be sent to them. */
export async function readBehind(store: Store, held: ReadonlyMap<string, HeldFence>): Promise<readonly string[]> {
  const rows = await store.query<{ cluster: string }>(
    `SELECT cluster FROM (
       SELECT wanted.*, held.epoch AS held_epoch, held.generation AS held_generation, held.digest AS held_digest
       FROM ${heldRows} JOIN desired_set wanted USING (cluster)) AS wanted
     WHERE (epoch, generation) > (held_epoch, held_generation) AND NOT ${heldIsNotOurs}
       AND NOT (${isRestored} AND EXISTS (SELECT FROM ahead_cluster))`,
    [heldJson(held)],
  );
  return rows.map(({ cluster }) => cluster);
}

/** SQL for fences that were said, one row a cluster, from `heldJson` as the first parameter. */
export const heldRows = `jsonb_to_recordset($1) AS held (cluster text, epoch int, generation int, digest text)`;

export function heldJson(held: ReadonlyMap<string, HeldFence>): string {
  const rows = [...held].map(([cluster, { epoch, generation, setDigest = '' }]) => ({
    cluster,
    epoch,
    generation,
    digest: setDigest,
  }));
  return JSON.stringify(rows);
}

/** Over `wanted`: the cluster holds another set under a number that was issued here. */
const heldIsNotOurs = `EXISTS (SELECT FROM issued_set issued
  WHERE issued.cluster = wanted.cluster AND issued.epoch = wanted.epoch AND issued.epoch = held_epoch
    AND issued.generation = held_generation AND held_digest NOT IN ('', issued.digest))`;

/** The database was restored, and nobody has decided yet what becomes of clusters that are ahead of it. */
const isRestored = `EXISTS (SELECT FROM restore WHERE restore.epoch = (SELECT max(epoch) FROM epoch))`;
