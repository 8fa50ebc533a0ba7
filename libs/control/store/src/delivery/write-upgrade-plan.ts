import type { UpgradePlan, UpgradeStepChange } from '@flotilla/control-delivery';
import { systemActor, type UpgradeStepState, type LedgerAction } from '@flotilla/model';
import type { AgentUpgradeRow } from '../rows/agent-upgrade.row.ts';
import type { Transaction } from '../transaction.ts';
import { spendGenerations } from './desired-sets.ts';
import { isWell } from './read-upgrade-facts.ts';

/** An upgrade as the ledger names it. */
export function upgradeSubject(project: string, uid: string): string {
  return `AgentUpgrade ${project}/${uid}`;
}

/** Writes what was decided. Where the wish for another agent comes or goes, the cluster's set gets its next generation. */
export async function writeUpgradePlan(
  transaction: Transaction,
  upgrade: AgentUpgradeRow,
  { changes, state, reason }: UpgradePlan,
): Promise<void> {
  for (const change of changes) await writeStep(transaction, upgrade, change);
  await sendWishes(transaction, changes);
  if (state !== upgrade.state) recordState(transaction, upgrade, { state, reason });
  await transaction.query(
    `UPDATE agent_upgrade SET state = $2, reason = coalesce($3, reason),
       finished_at = CASE WHEN $2 IN ('Finished', 'Aborted') THEN clock_timestamp() END WHERE uid = $1`,
    [upgrade.uid, state, reason ?? null],
  );
}

async function writeStep(transaction: Transaction, upgrade: AgentUpgradeRow, change: UpgradeStepChange): Promise<void> {
  const { cluster, name, state, reason } = change;
  await transaction.query(
    `UPDATE upgrade_step SET state = $3, reason = $4, since = clock_timestamp(), was_well = CASE
       WHEN $3 = 'Upgrading' THEN ARRAY(SELECT uid FROM target JOIN target_status status ON status.target = target.uid
         WHERE target.cluster = $2 AND gone_generation IS NULL AND intent = 'run' AND ${isWell}) ELSE was_well END
     WHERE upgrade = $1 AND cluster = $2`,
    [upgrade.uid, cluster, state, reason ?? null],
  );
  const { project } = upgrade;
  const { action, text } = words[state];
  const message = [`${name} ${text} ${upgrade.version}`, reason && `${reason.code}: ${reason.message}`];
  transaction.record({
    project,
    actor: systemActor('delivery'),
    action,
    subject: `Cluster ${project}/${name}`,
    message: message.filter(Boolean).join(': '),
  });
  transaction.changed('cluster', project, [cluster]);
}

async function sendWishes(transaction: Transaction, changes: readonly UpgradeStepChange[]): Promise<void> {
  const clusters = changes.map(({ cluster }) => cluster);
  const generations = await spendGenerations(transaction, clusters);
  transaction.mark('set', generations.keys());
}

function recordState(
  transaction: Transaction,
  { project, uid }: AgentUpgradeRow,
  { state, reason }: Pick<UpgradePlan, 'state' | 'reason'>,
): void {
  const subject = upgradeSubject(project, uid);
  const action = state === 'Halted' ? 'upgrade.halt' : 'upgrade.finish';
  const message = reason?.message ?? 'every cluster has its end';
  transaction.record({ project, actor: systemActor('delivery'), action, subject, message });
}

const words: Readonly<Record<UpgradeStepState, { readonly action: LedgerAction; readonly text: string }>> = {
  Waiting: { action: 'upgrade.wait', text: 'waits for agent' },
  Upgrading: { action: 'upgrade.begin', text: 'is upgraded to agent' },
  Upgraded: { action: 'upgrade.succeed', text: 'runs agent' },
  Failed: { action: 'upgrade.fail', text: 'could not be upgraded to agent' },
  Skipped: { action: 'upgrade.skip', text: 'is not upgraded to agent' },
};
