import type { FrozenRollout, PlannedRollout } from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import { jsonText } from '../json-text.ts';
import type { StoredStrategy } from '../rows/rollout.row.ts';
import type { Transaction } from '../transaction.ts';

/** How a rollout goes, without its clusters: each of them is a row, so that one more admitted rewrites one row. */
export function storedStrategy({ waves, ...limits }: FrozenRollout): StoredStrategy {
  return { ...limits, waves: waves.map(({ clusters: _, ...wave }) => wave) };
}

/** Writes which clusters are in which wave, for good: who joins later is not drawn in; and who begins at once. */
export async function writeSteps(
  transaction: Transaction,
  begun: readonly { readonly rollout: PlannedRollout; readonly now: Date }[],
): Promise<void> {
  const rows = begun.flatMap(({ rollout, now }) => stepRows(rollout, now));
  if (rows.length === 0) return;
  await transaction.query(
    `INSERT INTO rollout_step (rollout, cluster, wave, place, admitted_at)
     SELECT * FROM jsonb_to_recordset($1)
       AS row (rollout text, cluster text, wave int, place int, admitted_at timestamptz)`,
    [jsonText(rows)],
  );
}

function stepRows({ uid: rollout, course, admitted = [] }: PlannedRollout, now: Date): object[] {
  const first = new Set(admitted);
  return (course?.waves ?? []).flatMap(({ clusters }, wave) =>
    clusters.map((cluster, place) => {
      const begins = first.has(cluster) && { admitted_at: isoTime(now.getTime()) };
      return { rollout, cluster, wave, place, ...begins };
    }),
  );
}
