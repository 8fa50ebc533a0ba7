import { rolloutText, type DeliveryFacts, type DeliveryPlan, type TargetChange } from '@flotilla/control-delivery';
import { systemActor, type DesiredEntry } from '@flotilla/model';
import { entryDigest } from '@flotilla/model/node';
import { RolloutRow } from '../rows/rollout.row.ts';
import type { Transaction } from '../transaction.ts';
import { renewDigests, spendGenerations } from './desired-sets.ts';

export interface WritePlanOptions {
  readonly facts: DeliveryFacts;
  readonly plan: DeliveryPlan;
  readonly project: string;
  readonly applicationName: string;
}

/** Writes a plan: releases and rollouts first, then the entries under the next generation of each touched cluster. */
export async function writePlan(transaction: Transaction, options: WritePlanOptions): Promise<void> {
  const { facts, plan, project, applicationName } = options;
  await writeReleases(transaction, options);
  await writeRollouts(transaction, options);
  const clusters = [...plan.changes, ...plan.removals].map(({ cluster }) => cluster);
  const generations = await spendGenerations(transaction, clusters);
  if (generations.size === 0) return;
  await writeTargets(transaction, options, generations);
  await forget(transaction, plan.removals, generations);
  await renewDigests(transaction, generations);
  transaction.mark('set', generations.keys());
  transaction.mark('count', [project]);
  transaction.changed(
    'target',
    project,
    plan.changes.map(({ uid }) => uid),
  );
  transaction.changed(
    'target',
    project,
    plan.removals.map(({ uid }) => uid),
  );
  for (const { uid, entry } of plan.changes.filter((change) => change.entry.intent !== 'run')) {
    if (facts.targets.find((target) => target.uid === uid)?.entry.intent === entry.intent) continue;
    const subject = `Target ${project}/${applicationName}.${entry.environment}`;
    const message = `${applicationName} leaves ${entry.environment} on one cluster: ${entry.intent}`;
    transaction.record({ project, actor: systemActor('delivery'), action: 'target.leave', subject, message });
  }
}

async function writeReleases(transaction: Transaction, { facts, plan, project, applicationName }: WritePlanOptions) {
  for (const release of plan.releases) {
    await transaction.query(
      `INSERT INTO release (uid, project, application, application_name, revision, digests, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())`,
      [release.uid, project, facts.application.uid, applicationName, release.revision, release.digests],
    );
  }
}

async function writeRollouts(transaction: Transaction, { facts, plan, project, applicationName }: WritePlanOptions) {
  for (const rollout of plan.rollouts) {
    if (rollout.supersedes) {
      const superseded = { state: 'Superseded' as const, finishedAt: () => 'now()' };
      await transaction.manager.update(RolloutRow, { uid: rollout.supersedes, state: 'Running' }, superseded);
      transaction.changed('rollout', project, [rollout.supersedes]);
    }
    await transaction.query(
      `INSERT INTO rollout (uid, project, application, application_name, environment, release, revision, cause, state, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'tracking', 'Running', clock_timestamp())`,
      [
        rollout.uid,
        project,
        facts.application.uid,
        applicationName,
        rollout.environment,
        rollout.release,
        rollout.revision,
      ],
    );
    transaction.changed('rollout', project, [rollout.uid]);
    transaction.mark('rollout', [rollout.uid]);
    transaction.record({
      project,
      actor: systemActor('delivery'),
      action: 'rollout.start',
      subject: `Application ${project}/${applicationName}`,
      message: rolloutText(rollout, facts.application),
    });
  }
}

async function writeTargets(
  transaction: Transaction,
  { facts, plan, project, applicationName }: WritePlanOptions,
  generations: ReadonlyMap<string, number>,
): Promise<void> {
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
    [JSON.stringify(rows), project, facts.application.uid, applicationName],
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
