import {
  rolloutText,
  type ApplicationFacts,
  type DeliveryFacts,
  type DeliveryPlan,
  type TargetChange,
} from '@flotilla/control-delivery';
import { intentOf, systemActor, type DesiredEntry } from '@flotilla/model';
import { entryDigest } from '@flotilla/model/node';
import type { Transaction } from '../transaction.ts';
import { spendGenerations } from './desired-sets.ts';
import { writePromotions } from './write-promotions.ts';
import { isOpen } from '../rollouts/open-rollouts.ts';
import { liftWaitingPins } from '../rollouts/lift-waiting-pins.ts';
import { storedStrategy, writeSteps } from '../rollouts/write-steps.ts';
import { arrived, countedTargets, targetsInAll } from './settle-rollouts.ts';

/** What was decided for one application, and the facts that it rests on. */
export interface PlannedApplication {
  readonly facts: DeliveryFacts;
  readonly plan: DeliveryPlan;
}

/**
 * Writes plans: releases and rollouts first, then all entries under one new generation of each touched cluster. One
 * commit changes hundreds of applications of a cluster; each would otherwise wait for its lock and digest its whole set.
 */
export async function writePlans(transaction: Transaction, planned: readonly PlannedApplication[]): Promise<void> {
  await writeReleases(transaction, planned);
  await writePromotions(transaction, planned);
  await endRollouts(transaction, planned);
  await writeRollouts(transaction, planned);
  for (const each of planned) await letForgottenGo(transaction, each);
  for (const each of planned) await endAgreedPins(transaction, each);
  const touching = planned.filter((each) => touchedBy(each).length > 0);
  const generations = await spendGenerations(
    transaction,
    touching.flatMap((each) => touchedBy(each).map(({ cluster }) => cluster)),
  );
  if (generations.size === 0) return;
  await writeTargets(transaction, touching, generations);
  await forget(transaction, touching, generations);
  transaction.mark('set', generations.keys());
  for (const each of touching) {
    const { project } = each.facts.application;
    transaction.mark('count', [project]);
    const uids = touchedBy(each).map(({ uid }) => uid);
    transaction.changed('target', project, uids);
    recordDepartures(transaction, each);
  }
}

/** What becomes another set for some cluster. */
function touchedBy({ plan }: PlannedApplication): readonly { readonly uid: string; readonly cluster: string }[] {
  return [...plan.changes, ...remembered(plan)];
}

/** Removals that an agent has to hear of. */
function remembered({ removals }: DeliveryPlan): DeliveryPlan['removals'] {
  return removals.filter(({ forgotten = false }) => !forgotten);
}

async function writeReleases(transaction: Transaction, planned: readonly PlannedApplication[]): Promise<void> {
  const rows = planned.flatMap(({ facts: { application }, plan }) =>
    plan.releases.map(({ uid, revision, digests, contents }, place) => ({
      ...nameOf(application),
      uid,
      revision,
      digests,
      contents,
      place,
    })),
  );
  if (rows.length === 0) return;
  // Releases of one application are told apart by when they were made.
  await transaction.query(
    `INSERT INTO release (uid, project, application, application_name, revision, digests, contents, created_at)
     SELECT uid, project, application, application_name, revision, digests, contents,
       clock_timestamp() + place * interval '1 microsecond'
     FROM jsonb_to_recordset($1) AS row (uid text, project text, application text, application_name text,
       revision text, digests jsonb, contents jsonb, place int)`,
    [JSON.stringify(rows)],
  );
}

/** Rollouts that something newer takes over from, and those that have no environment left. */
async function endRollouts(transaction: Transaction, planned: readonly PlannedApplication[]): Promise<void> {
  const ended = planned.map(({ facts, plan }) => ({
    project: facts.application.project,
    rollouts: [...plan.rollouts.flatMap(({ supersedes }) => supersedes ?? []), ...plan.withdrawn],
  }));
  const all = ended.flatMap(({ rollouts }) => rollouts);
  if (all.length === 0) return;
  await transaction.query(
    `UPDATE rollout SET state = 'Superseded', finished_at = now(),
       total = ${targetsInAll}, arrived = ${countedTargets(`AND ${arrived}`)}
     WHERE uid = ANY($1) AND ${isOpen}`,
    [all],
  );
  await liftWaitingPins(transaction, all);
  for (const { project, rollouts } of ended) transaction.changed('rollout', project, rollouts);
}

/** Reports mark a rollout when there is something to see; this is for the case that none ever comes. */
const unheardMs = 30_000;

async function writeRollouts(transaction: Transaction, planned: readonly PlannedApplication[]): Promise<void> {
  const begun = planned.flatMap(({ facts: { application, now }, plan }) =>
    plan.rollouts.map((rollout) => ({ application, now, rollout })),
  );
  if (begun.length === 0) return;
  const rows = begun.map(({ application, rollout }) => ({
    ...nameOf(application),
    ...rollout,
    ...(rollout.course && { strategy: storedStrategy(rollout.course) }),
  }));
  await transaction.query(
    `INSERT INTO rollout (uid, project, application, application_name, environment, release, revision, cause, rollback,
       partial, state, strategy, created_at)
     SELECT uid, project, application, application_name, environment, release, revision, cause, rollback,
       coalesce(partial, false), 'Running', strategy, clock_timestamp()
     FROM jsonb_to_recordset($1) AS row (uid text, project text, application text, application_name text,
       environment text, release text, revision text, cause text, rollback text, partial boolean, strategy jsonb)`,
    [JSON.stringify(rows)],
  );
  await writeSteps(transaction, begun);
  for (const { application, rollout } of begun) {
    const { project, name } = application;
    transaction.changed('rollout', project, [rollout.uid]);
    // Somebody has to admit the first ones.
    transaction.mark('rollout', [rollout.uid], rollout.course ? 0 : unheardMs);
    transaction.record({
      project,
      actor: systemActor('delivery'),
      action: 'rollout.start',
      subject: `Application ${project}/${name}`,
      message: rolloutText(rollout, application),
    });
  }
}

/** Git says what they were held at: they are tracked again, and what was left over goes. */
async function endAgreedPins(transaction: Transaction, { facts, plan }: PlannedApplication): Promise<void> {
  if (plan.agreed.length === 0) return;
  const { project, name } = facts.application;
  const uids = plan.agreed.map(({ target }) => target);
  await transaction.query(`UPDATE target SET pin = NULL WHERE uid = ANY($1)`, [uids]);
  transaction.changed('target', project, uids);
  for (const [environment, pins] of Map.groupBy(plan.agreed, (pin) => pin.environment)) {
    const message = `${name} in ${environment}: Git says what ${pins.length} targets were held at; they follow it again`;
    const subject = `Application ${project}/${name}`;
    transaction.record({ project, actor: systemActor('delivery'), action: 'pin.agree', subject, message });
  }
}

async function writeTargets(
  transaction: Transaction,
  planned: readonly PlannedApplication[],
  generations: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = planned.flatMap(({ facts: { application }, plan }) =>
    plan.changes.map((change) => ({
      ...nameOf(application),
      ...targetRecord(change, generations.get(change.cluster)!),
    })),
  );
  await transaction.query(
    `INSERT INTO target (uid, project, application, application_name, environment, cluster, intent, release, generation,
       entry, entry_digest, on_remove, created_at)
     SELECT uid, project, application, application_name, environment, cluster, intent, release, generation, entry,
       entry_digest, on_remove, now()
     FROM jsonb_to_recordset($1) AS row (uid text, project text, application text, application_name text,
       environment text, cluster text, intent text, release text, generation int, entry jsonb, entry_digest text,
       on_remove text)
     ON CONFLICT (uid) DO UPDATE SET intent = excluded.intent, release = excluded.release,
       generation = excluded.generation, entry = excluded.entry, entry_digest = excluded.entry_digest,
       on_remove = excluded.on_remove`,
    [JSON.stringify(rows)],
  );
}

/** An application as rows name the one that they are of. */
function nameOf({ uid, project, name }: ApplicationFacts): object {
  return { application: uid, application_name: name, project };
}

function targetRecord(change: TargetChange, generation: number): Record<string, unknown> {
  const entry: DesiredEntry = { ...change.entry, generation };
  return {
    uid: change.uid,
    environment: change.environment,
    cluster: change.cluster,
    intent: intentOf(entry),
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
  planned: readonly PlannedApplication[],
  generations: ReadonlyMap<string, number>,
): Promise<void> {
  const removals = planned.flatMap(({ plan }) => remembered(plan));
  if (removals.length === 0) return;
  await transaction.query(
    `UPDATE target SET gone_generation = removal.generation
     FROM unnest($1::text[], $2::int[]) AS removal (uid, generation) WHERE target.uid = removal.uid`,
    [removals.map(({ uid }) => uid), removals.map(({ cluster }) => generations.get(cluster)!)],
  );
}

/** Targets of clusters that were forgotten: no agent will hear of it, and rollouts that waited for them need not any more. */
async function letForgottenGo(transaction: Transaction, { facts, plan }: PlannedApplication): Promise<void> {
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
  // Who was not well and is forgotten holds nobody up; this very plan rested on it still.
  if (facts.promotion) transaction.mark('plan', [facts.application.uid]);
  transaction.mark('count', [project]);
  transaction.changed('target', project, uids);
}

/** A target never leaves silently: the ledger says where from, and whether its objects stay. */
function recordDepartures(transaction: Transaction, { facts, plan }: PlannedApplication): void {
  const { project, name } = facts.application;
  const intents = new Map(facts.targets.map(({ uid, entry }) => [uid, intentOf(entry)]));
  const clusters = new Map(facts.clusters.map((cluster) => [cluster.uid, cluster.name]));
  for (const { uid, cluster, environment, entry } of plan.changes) {
    const intent = intentOf(entry);
    if (intent === 'run' || intents.get(uid) === intent) continue;
    const place = clusters.get(cluster) ?? cluster;
    const subject = `Target ${project}/${name}.${environment}.${place}`;
    const message = `${name} leaves ${environment} on ${place}: ${intent}`;
    transaction.record({ project, actor: systemActor('delivery'), action: 'target.leave', subject, message });
  }
}
