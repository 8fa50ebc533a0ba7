import { ApprovalRow } from '../rows/promotion.row.ts';
import type { Transaction } from '../transaction.ts';

/** What an approval is for: the inputs of a stage, or a wave of a rollout of them. */
export type GivenApproval = Omit<ApprovalRow, 'rollout' | 'wave'> & Partial<Pick<ApprovalRow, 'rollout' | 'wave'>>;

/** Writes an approval down in place of what the same person gave for the same before: however often, it is one row. */
export async function writeApproval(transaction: Transaction, given: GivenApproval): Promise<void> {
  const { application, environment, digest, who, rollout = null, wave = null } = given;
  await transaction.query(
    `DELETE FROM approval WHERE application = $1 AND environment = $2 AND digest = $3 AND who = $4
       AND rollout IS NOT DISTINCT FROM $5 AND wave IS NOT DISTINCT FROM $6`,
    [application, environment, digest, who, rollout, wave],
  );
  await transaction.manager.insert(ApprovalRow, { ...given, rollout, wave });
}
