import {
  changedStandings,
  passedGates,
  type ApplicationFacts,
  type DeliveryFacts,
  type DeliveryPlan,
  type EndedOrder,
} from '@flotilla/control-delivery';
import { shortCommit, systemActor, type LedgerAction } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import type { Transaction } from '../transaction.ts';
import { writeQuestions } from './stage-questions.ts';
import { writeRecords } from './stage-records.ts';
import { endLapsed } from './stage-holds.ts';
import { wellSince } from './read-promotion.ts';

interface Planned {
  readonly facts: DeliveryFacts;
  readonly plan: DeliveryPlan;
}

/**
 * Writes how things stand before stages that come after others, ends the orders that came to their end, and remembers
 * for how long what leaves an environment was well there: afterwards nobody could say.
 */
export async function writePromotions(transaction: Transaction, planned: readonly Planned[]): Promise<void> {
  const followed = planned.filter(({ plan }) => plan.promotion);
  if (followed.length === 0) return;
  await closeVisits(transaction, followed);
  for (const each of followed) {
    await writeStandings(transaction, each);
    await endOrders(transaction, each);
    await endLapsed(transaction, each.facts.application, each.plan.promotion!.lapsed);
    await writeQuestions(transaction, each.facts.application, each.plan.promotion!);
    await writeRecords(transaction, each.facts.application, each.plan.promotion!);
  }
}

/** Asked before anything of the next release is written, while all that is known is still of this one. */
async function closeVisits(transaction: Transaction, followed: readonly Planned[]): Promise<void> {
  const left = followed.flatMap(({ facts: { stages }, plan: { rollouts } }) =>
    rollouts.flatMap(({ environment }) => stages.find((stage) => stage.environment === environment)?.current ?? []),
  );
  if (left.length === 0) return;
  await transaction.query(`UPDATE rollout SET well_since = ${wellSince} WHERE uid = ANY($1) AND state = 'Finished'`, [
    left.map(({ rollout }) => rollout),
  ]);
}

async function writeStandings(transaction: Transaction, { facts, plan }: Planned): Promise<void> {
  const { uid, project, name } = facts.application;
  const { written, removed } = changedStandings(facts.promotion?.standings ?? [], plan.promotion?.standings ?? []);
  if (removed.length > 0) {
    await transaction.query('DELETE FROM stage WHERE application = $1 AND environment = ANY($2)', [uid, removed]);
  }
  if (written.length === 0) return;
  await transaction.query(
    `INSERT INTO stage (application, environment, project, application_name, standing, changed_at)
     SELECT $1, standing ->> 'environment', $2, $3, standing, now() FROM jsonb_array_elements($4::jsonb) AS standing
     ON CONFLICT (application, environment) DO UPDATE SET standing = excluded.standing, changed_at = excluded.changed_at`,
    [uid, project, name, jsonText(written)],
  );
  for (const { environment, revision, gate } of passedGates(facts.promotion?.standings ?? [], written)) {
    const message = `${name} ${shortCommit(revision)} passed ${gate} before ${environment}`;
    record(transaction, facts.application, { action: 'gate.pass', message });
  }
}

async function endOrders(transaction: Transaction, { facts, plan }: Planned): Promise<void> {
  const { ended = [] } = plan.promotion ?? {};
  if (ended.length === 0) return;
  await transaction.query(
    `UPDATE promotion SET ended_at = now(), outcome = ended.outcome
     FROM unnest($1::text[], $2::text[]) AS ended (uid, outcome) WHERE promotion.uid = ended.uid AND ended_at IS NULL`,
    [ended.map(({ order }) => order.uid), ended.map(({ outcome }) => outcome)],
  );
  for (const each of ended) {
    if (each.outcome !== 'Entered')
      record(transaction, facts.application, { action: 'promotion.end', message: endText(each, facts) });
  }
}

function endText({ order, outcome }: EndedOrder, { application, releases }: DeliveryFacts): string {
  const revision = releases.find(({ uid }) => uid === order.release)?.revision ?? order.release;
  const why = outcome === 'Skipped' ? 'it can never enter' : 'something newer is there';
  return `${application.name} ${shortCommit(revision)}, which ${order.who} promoted, does not enter ${order.environment}: ${why}`;
}

function record(
  transaction: Transaction,
  { project, name }: ApplicationFacts,
  { action, message }: { readonly action: LedgerAction; readonly message: string },
): void {
  transaction.record({
    project,
    actor: systemActor('delivery'),
    action,
    subject: `Application ${project}/${name}`,
    message,
  });
}
