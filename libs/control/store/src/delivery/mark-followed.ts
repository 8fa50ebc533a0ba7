import type { Transaction } from '../transaction.ts';

/**
 * Has those of these applications planned again that have stages after others: what they wait for has happened, or is
 * undone. All others have nothing to plan because something arrived or is not well.
 */
export async function markFollowed(transaction: Transaction, applications: readonly string[]): Promise<void> {
  if (applications.length === 0) return;
  const rows = await transaction.query<{ uid: string }>(
    `SELECT application.uid FROM document application JOIN document pipeline ON pipeline.project = application.project
       AND pipeline.kind = 'Pipeline' AND pipeline.name = application.spec ->> 'pipeline'
     WHERE application.uid = ANY($1) AND jsonb_path_exists(pipeline.spec, '$.stages[*].after')`,
    [[...new Set(applications)]],
  );
  transaction.mark(
    'plan',
    rows.map(({ uid }) => uid),
  );
}
