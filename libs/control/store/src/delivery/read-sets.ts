import type { HeldBackSet, HoldReason, SetContent } from '@flotilla/control-delivery';
import type { DesiredEntry, HeldFence, WishedAgent } from '@flotilla/model';
import type { Store } from '../store.ts';
import { issueSets } from './desired-sets.ts';
import { lastSaidFence } from './last-said-fence.ts';

interface SetRow {
  readonly cluster: string;
  readonly epoch: number;
  readonly generation: number;
  readonly digest: string;
  /** It was sent before, and is known. */
  readonly issued: boolean;
  readonly hold: HoldReason | null;
  readonly previous: number;
  readonly entries: DesiredEntry[] | null;
  readonly gone: string[] | null;
  readonly agent: WishedAgent | null;
}

/** What `setDigest` makes of the entries of a cluster. Made where they are: most of them are not sent. */
const digestOfTargets = `encode(sha256(convert_to(
  coalesce(string_agg(entry_digest, E'\\n' ORDER BY entry_digest COLLATE "C"), ''), 'UTF8')), 'hex')`;

/** SQL for fences that were said, one row a cluster, from `heldJson` as the first parameter. */
export const heldRows = `jsonb_to_recordset($1) AS held (cluster text, epoch int, generation int, digest text)`;

/** Over `wanted`: the cluster holds another set under a number of ours than was issued here, if any was. */
const heldIsNotOurs = `EXISTS (SELECT FROM issued_set issued
  WHERE issued.cluster = wanted.cluster AND issued.epoch = wanted.epoch AND issued.epoch = held_epoch
    AND issued.generation = held_generation AND held_digest NOT IN ('', issued.digest))`;

/** The database was restored, and nobody has decided yet what becomes of clusters that are ahead of it. */
const isRestored = `EXISTS (SELECT FROM restore WHERE restore.epoch = (SELECT max(epoch) FROM epoch))`;

/** Wished for while the cluster is being upgraded, and not a moment longer. */
const wishedAgent = `SELECT jsonb_build_object('upgrade', uid, 'image', image, 'version', version,
    'deadlineSeconds', deadline_seconds)
  FROM upgrade_step step JOIN agent_upgrade ON uid = step.upgrade
  WHERE step.cluster = missing.cluster AND step.state = 'Upgrading' ORDER BY created_at DESC LIMIT 1`;

/**
 * What clusters miss that hold a fence, or that last said in a hello or a report what they hold; who misses nothing is
 * absent, and who may be sent nothing is told with the reason. What one holds may be older than we believe, never newer
 * without its saying so; a change that starts too early is merged all the same, so a late fence costs bytes only. One
 * statement, because fence, digest and entries must come from one moment.
 */
const missingSets = `
  WITH wanted AS (
    SELECT cluster, wanted.epoch, wanted.generation, coalesce(held.epoch, said.epoch) IS NOT NULL AS heard,
      coalesce(held.epoch, said.epoch, 0) AS held_epoch, coalesce(held.generation, said.generation, 0) AS held_generation,
      coalesce(held.digest, said.set_digest, '') AS held_digest
    FROM ${heldRows} JOIN desired_set wanted USING (cluster)
    LEFT JOIN LATERAL (${lastSaidFence('wanted.cluster')}) said ON held.epoch IS NULL
    WHERE NOT EXISTS (SELECT FROM cluster WHERE uid = wanted.cluster AND revoked_at IS NOT NULL)),
  judged AS (
    SELECT *, CASE WHEN held_epoch = epoch THEN held_generation ELSE 0 END AS previous,
      (held_epoch, held_generation) > (epoch, generation) OR ${heldIsNotOurs} AS is_ahead
    FROM wanted),
  missing AS (
    SELECT *, CASE WHEN is_ahead THEN 'ahead' WHEN NOT ${isRestored} THEN NULL WHEN NOT heard THEN 'unheard'
      WHEN EXISTS (SELECT FROM ahead_cluster) THEN 'others-ahead' END AS hold
    FROM judged WHERE is_ahead OR (epoch, generation) > (held_epoch, held_generation))
  SELECT cluster, epoch, generation, previous, hold, entries, digest,
    EXISTS (SELECT FROM issued_set issued WHERE issued.cluster = missing.cluster AND issued.epoch = missing.epoch
       AND issued.generation = missing.generation AND issued.digest <> '') AS issued,
    (SELECT array_agg(uid) FROM target WHERE target.cluster = missing.cluster
       AND gone_generation > missing.previous) AS gone,
    (${wishedAgent}) AS agent
  FROM missing CROSS JOIN LATERAL (
    SELECT jsonb_agg(entry) FILTER (WHERE target.generation > missing.previous) AS entries, ${digestOfTargets} AS digest
    FROM target WHERE target.cluster = missing.cluster AND gone_generation IS NULL) AS whole`;

export async function readSets(
  store: Store,
  held: ReadonlyMap<string, HeldFence | 'last-heard'>,
): Promise<readonly (SetContent | HeldBackSet)[]> {
  if (held.size === 0) return [];
  const rows = await store.query<SetRow>(missingSets, [heldJson(held)]);
  await issueSets(
    store,
    rows.filter(({ hold, issued }) => !hold && !issued),
  );
  return rows.map(({ cluster, epoch, generation, digest, hold, previous, entries, gone, agent }) =>
    hold
      ? { cluster, hold }
      : {
          cluster,
          fence: { epoch, generation },
          previous,
          entries: entries ?? [],
          gone: gone ?? [],
          setDigest: digest,
          ...(agent && { agent }),
        },
  );
}

/** Of these clusters, those whose set is newer than what they hold, and may be sent to them. */
export async function readBehind(store: Store, held: ReadonlyMap<string, HeldFence>): Promise<readonly string[]> {
  const rows = await store.query<{ cluster: string }>(
    `SELECT cluster FROM (
       SELECT wanted.*, held.epoch AS held_epoch, held.generation AS held_generation, held.digest AS held_digest
       FROM ${heldRows} JOIN desired_set wanted USING (cluster)
       JOIN cluster known ON known.uid = wanted.cluster AND revoked_at IS NULL) AS wanted
     WHERE (epoch, generation) > (held_epoch, held_generation) AND NOT ${heldIsNotOurs}
       AND NOT (${isRestored} AND EXISTS (SELECT FROM ahead_cluster))`,
    [heldJson(held)],
  );
  return rows.map(({ cluster }) => cluster);
}

/** A cluster of which nothing but its name is given holds what it last said. */
export function heldJson(held: ReadonlyMap<string, HeldFence | 'last-heard'>): string {
  const rows = [...held].map(([cluster, holds]) =>
    holds === 'last-heard'
      ? { cluster }
      : { cluster, epoch: holds.epoch, generation: holds.generation, digest: holds.setDigest ?? '' },
  );
  return JSON.stringify(rows);
}
