import type { Admission } from '@flotilla/control-delivery';
import type { RolloutFacts } from '../delivery/read-rollouts.ts';
import type { Transaction } from '../transaction.ts';

/** Who takes the release of a rollout in waves, and what finished in its environment before it. */
export interface ReadAdmission extends Omit<Admission, 'state'> {
  readonly finished?: string;
}

/** By rollout; where everybody was admitted at once there is nothing to read. */
export type Admissions = ReadonlyMap<string, ReadAdmission>;

interface AdmissionRow {
  readonly rollout: string;
  readonly admitted: string[] | null;
  readonly skipped: string[] | null;
  readonly finished: string | null;
}

/** How far the newest rollouts are that go in waves. */
export async function readAdmissions(transaction: Transaction, rollouts: readonly RolloutFacts[]): Promise<Admissions> {
  const staged = rollouts.filter(({ newest, staged: isStaged }) => newest && isStaged);
  if (staged.length === 0) return new Map();
  const rows = await transaction.query<AdmissionRow>(
    `SELECT asked.uid AS rollout, steps.*, (SELECT release FROM rollout last WHERE last.application = asked.application
         AND last.environment = asked.environment AND last.state = 'Finished' AND last.cause <> 'rollback' ORDER BY created_at DESC LIMIT 1) AS finished
     FROM rollout asked CROSS JOIN LATERAL (
       SELECT array_agg(cluster) FILTER (WHERE admitted_at IS NOT NULL AND NOT skipped) AS admitted,
         array_agg(cluster) FILTER (WHERE skipped) AS skipped
       FROM rollout_step step WHERE step.rollout = asked.uid) steps
     WHERE asked.uid = ANY($1)`,
    [staged.map(({ rollout }) => rollout)],
  );
  return new Map(rows.map((row) => [row.rollout, admissionOf(row)]));
}

function admissionOf({ admitted, skipped, finished }: AdmissionRow): ReadAdmission {
  return { admitted: new Set(admitted), skipped: new Set(skipped), ...(finished !== null && { finished }) };
}
