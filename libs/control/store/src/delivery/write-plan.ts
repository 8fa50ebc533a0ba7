import { rolloutText, type DeliveryFacts, type DeliveryPlan, type TargetChange } from '@flotilla/control-delivery';
import { systemActor, type DesiredEntry } from '@flotilla/model';
import { entryDigest } from '@flotilla/model/node';
import type { Transaction } from '../transaction.ts';
import { renewDigests, spendGenerations } from './desired-sets.ts';
import { arrived, countedTargets } from './settle-rollout.ts';

/** Writes a plan: releases and rollouts first, then the entries under the next generation of each touched cluster. */
export async function writePlan(transaction: Transaction, facts: DeliveryFacts, plan: DeliveryPlan): Promise<void> {
  const { project } = facts.application;
  await writeReleases(transaction, facts, plan);
  await endRollouts(transaction, facts, plan);
  await writeRollouts(transaction, facts, plan);
  await letForgottenGo(transaction, facts, plan);
  const removals = plan.removals.filter(({ forgotten = false }) => !forgotten);
  const touched = [...plan.changes, ...removals];
  const generations = await spendGenerations(
    transaction,
    touched.map(({ cluster }) => cluster),
  );
  if (generations.size === 0) return;
  await writeTargets(transaction, { facts, plan, generations });
  await forget(transaction, removals, generations);
  await renewDigests(transaction, generations);
  transaction.mark('set', generations.keys());
  transaction.mark('count', [project]);
  transaction.changed(
    'target',
    project,
    touched.map(({ uid }) => uid),
  );
  recordDepartures(transaction, facts, plan);
}

async function writeReleases(transaction: Transaction, { application }: DeliveryFacts, plan: DeliveryPlan) {
  for (const release of plan.releases) {
    await transaction.query(
      `INSERT INTO release (uid, project, application, application_name, revision, digests, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())`,
      [release.uid, application.project, application.uid, application.name, release.revision, release.digests],
    );
  }
}

/** Rollouts that something newer takes over from, and those that have no environment left. */
async function endRollouts(transaction: Transaction, { application }: DeliveryFacts, plan: DeliveryPlan) {
  const ended = [...plan.rollouts.flatMap(({ supersedes }) => supersedes ?? []), ...plan.withdrawn];
  if (ended.length === 0) return;
  await transaction.query(
    `UPDATE rollout SET state = 'Superseded', finished_at = now(),
       total = ${countedTargets()}, arrived = ${countedTargets(`AND ${arrived}`)}
     WHERE uid = ANY($1) AND state = 'Running'`,
    [ended],
  );
  transaction.changed('rollout', application.project, ended);
}

/** Reports mark a rollout when there is something to see; this is for the case that none ever comes. */
const unheardMs = 30_000;

async function writeRollouts(transaction: Transaction, { application }: DeliveryFacts, plan: DeliveryPlan) {
  const { uid, project, name } = application;
  for (const rollout of plan.rollouts) {
    await transaction.query(
      `INSERT INTO rollout (uid, project, application, application_name, environment, release, revision, cause, state, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'tracking', 'Running', clock_timestamp())`,
      [rollout.uid, project, uid, name, rollout.environment, rollout.release, rollout.revision],
    );
    transaction.changed('rollout', project, [rollout.uid]);
    transaction.mark('rollout', [rollout.uid], unheardMs);
    transaction.record({
      project,
      actor: systemActor('delivery'),
      action: 'rollout.start',
      subject: `Application ${project}/${name}`,
      message: rolloutText(rollout, application),
    });
  }
}

interface TargetsToWrite {
  readonly facts: DeliveryFacts;
  readonly plan: DeliveryPlan;
  readonly generations: ReadonlyMap<string, number>;
}

async function writeTargets(transaction: Transaction, { facts, plan, generations }: TargetsToWrite): Promise<void> {
  const { uid, project, name } = facts.application;
  const rows = plan.changes.map((change) => targetRecord(change, generations.get(change.cluster)!));
  await transaction.query(
    `INSERT INTO target (uid, project, application, application_name, environment, cluster, intent, release, generation,
       entry, entry_digest, on_remove, created_at)
     SELECT uid, $2, $3, $4, environment, cluster, intent, release, generation, entry, entry_digest, on_remove, now()
     FROM jsonb_to_recordset($1) AS row (uid text, environment text, cluster text, intent text, release text,
       generation int, entry jsonb, entry_digest text, on_remove text)
     ON CONFLICT (uid) DO UPDATE SET intent = excluded.intent, release = excluded.release,
       generation = excluded.generation, entry = excluded.entry, entry_digest = excluded.entry_digest,
       on_remove = excluded.on_remove`,
    [JSON.stringify(rows), project, uid, name],
  );
}

function targetRecord(change: TargetChange, generation: number): Record<string, unknown> {
  const entry: DesiredEntry = { ...change.entry, generation };
  return {
    uid: change.uid,
    environment: change.environment,
    cluster: change.cluster,
    intent: entry.intent,
    release: entry.release,
    generation,
    entry,
    entry_digest: entryDigest(entry),
    on_remove: change.onRemove,
  };
}

/** A target that left stays as a tombstone until its agent has heard of it. */
async function forget(
  transaction: Transaction,
  removals: DeliveryPlan['removals'],
  generations: ReadonlyMap<string, number>,
): Promise<void> {
  for (const { uid, cluster } of removals) {
    await transaction.query(`UPDATE target SET gone_generation = $2 WHERE uid = $1`, [uid, generations.get(cluster)]);
  }
}

/** Targets of clusters that were forgotten: no agent will hear of it, and rollouts that waited for them need not any more. */
async function letForgottenGo(transaction: Transaction, facts: DeliveryFacts, plan: DeliveryPlan): Promise<void> {
  const forgotten = plan.removals.filter((removal) => removal.forgotten);
  if (forgotten.length === 0) return;
  const { project } = facts.application;
  const [uids, clusters] = [forgotten.map(({ uid }) => uid), forgotten.map(({ cluster }) => cluster)];
  await transaction.query(`DELETE FROM target WHERE uid = ANY($1)`, [uids]);
  for (const table of ['desired_set', 'issued_set']) {
    await transaction.query(`DELETE FROM ${table} WHERE cluster = ANY($1)`, [clusters]);
  }
  transaction.mark(
    'rollout',
    facts.running.map(({ rollout }) => rollout),
  );
  transaction.mark('count', [project]);
  transaction.changed('target', project, uids);
}

/** A target never leaves silently: the ledger says where from, and whether its objects stay. */
function recordDepartures(transaction: Transaction, facts: DeliveryFacts, plan: DeliveryPlan): void {
  const { project, name } = facts.application;
  const intents = new Map(facts.targets.map(({ uid, entry }) => [uid, entry.intent]));
  const clusters = new Map(facts.clusters.map((cluster) => [cluster.uid, cluster.name]));
  for (const { uid, cluster, environment, entry } of plan.changes) {
    if (entry.intent === 'run' || intents.get(uid) === entry.intent) continue;
    const place = clusters.get(cluster) ?? cluster;
    const subject = `Target ${project}/${name}.${environment}.${place}`;
    const message = `${name} leaves ${environment} on ${place}: ${entry.intent}`;
    transaction.record({ project, actor: systemActor('delivery'), action: 'target.leave', subject, message });
  }
}
