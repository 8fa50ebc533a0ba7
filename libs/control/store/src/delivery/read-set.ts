import type { SetContent } from '@flotilla/control-delivery';
import { compareFences, type DesiredEntry, type Fence, type WishedAgent } from '@flotilla/model';
import type { Store } from '../store.ts';
import { lastSaidFence } from './last-said-fence.ts';

interface SetRow {
  readonly epoch: number;
  readonly generation: number;
  readonly digest: string;
  readonly held: Fence;
  readonly entries: DesiredEntry[] | null;
  readonly gone: string[] | null;
  readonly agent: WishedAgent | null;
}

/**
 * What a cluster that holds `held`, or that last said in a hello or a report what it holds, is missing. What it holds may be older than we believe, never newer without its
 * saying so; a change that starts too early is merged all the same, so a late fence costs bytes only. One statement,
 * because fence, digest and entries must come from one moment.
 */
export async function readSet(
  store: Store,
  cluster: string,
  held: Fence | 'last-heard',
): Promise<SetContent | undefined> {
  const [set] = await store.query<SetRow>(
    `WITH wanted AS (
       SELECT wanted.epoch, wanted.generation, digest, coalesce($2, said.epoch, 0) AS held_epoch,
         coalesce($3, said.generation, 0) AS held_generation
       FROM desired_set wanted LEFT JOIN LATERAL (${lastSaidFence('wanted.cluster')}) said ON true
       WHERE wanted.cluster = $1),
     since AS (SELECT CASE WHEN held_epoch = epoch THEN held_generation ELSE 0 END AS generation FROM wanted)
     SELECT epoch, generation, digest,
       jsonb_build_object('epoch', held_epoch, 'generation', held_generation) AS held,
       (SELECT jsonb_agg(entry) FROM target, since
        WHERE cluster = $1 AND gone_generation IS NULL AND target.generation > since.generation) AS entries,
       (SELECT array_agg(uid) FROM target, since WHERE cluster = $1 AND gone_generation > since.generation) AS gone,
       (${wishedAgent}) AS agent
     FROM wanted`,
    held === 'last-heard' ? [cluster, null, null] : [cluster, held.epoch, held.generation],
  );
  if (!set || compareFences(set.held, set) >= 0) return undefined;
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
