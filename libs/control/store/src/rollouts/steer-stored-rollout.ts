import {
  rolloutMissing,
  steerRollout as decide,
  type OrderedRollout,
  type OrderGiver,
  type RolloutSteering,
  type Steered,
} from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import { isOpenRollout, shortCommit, type RolloutOrder } from '@flotilla/model';
import { carryOutOnce } from '../delivery/carry-out-once.ts';
import { lockApplications } from '../delivery/lock-applications.ts';
import { carryOut } from '../delivery/order-targets.ts';
import { RolloutRow } from '../rows/rollout.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { liftWaitingPins } from './lift-waiting-pins.ts';
import { phasesOf } from './look-at-waves.ts';
import { isOpen } from './open-rollouts.ts';
import { forgetAsked } from './wave-questions.ts';
import { readCourse, type KnownCourse } from './read-course.ts';

/** Carries out a person's order on the rollout that is open in an environment. */
export function steerRollout(store: Store, steering: RolloutSteering, by: OrderGiver): Promise<OrderedRollout> {
  return store.transact((transaction) =>
    carryOutOnce(transaction, by.request, () => steer(transaction, { steering, by, now: store.now() })),
  );
}

interface Given {
  readonly steering: RolloutSteering;
  readonly by: OrderGiver;
  readonly now: Date;
}

async function steer(transaction: Transaction, given: Given): Promise<OrderedRollout> {
  const { steering, now } = given;
  const rollout = await holdRollout(transaction, steering);
  const known = await readCourse(transaction, rollout, now);
  const phases = new Map(phasesOf(known, now).map(({ cluster, phase }) => [cluster, phase]));
  const clusters = known.steps.map(({ cluster, name }) => ({ cluster, name, phase: phases.get(cluster)! }));
  const { state } = rollout;
  const steered = decide({ state, clusters, isRefused: await isRefused(transaction, rollout) }, steering);
  await writeSteered(transaction, { rollout, steered, now, known });
  const names = namesOf(known, [...steered.forgive, ...steered.retry, ...steered.skip]);
  await tryAgain(transaction, { given, rollout, names: namesOf(known, steered.retry) });
  tell(transaction, { given, rollout, names });
  return { rollout: rollout.uid, state: steered.state, clusters: names };
}

/** Under the planner's own lock: what an order finds is what the next plan finds. */
async function holdRollout(
  transaction: Transaction,
  { project, application, environment, order, rollout: named }: RolloutSteering,
): Promise<RolloutRow> {
  const [found] = await transaction.query<{ uid: string; application: string }>(
    `SELECT uid, application FROM rollout WHERE project = $1 AND application_name = $2 AND environment = $3
       AND strategy IS NOT NULL AND ($5::text IS NULL OR uid = $5) AND (${isOpen} OR $4 AND ${isAbortedLast})
     ORDER BY ${isOpen} DESC, created_at DESC LIMIT 1`,
    [project, application, environment, order === 'retry', named ?? null],
  );
  if (!found) throw rolloutMissing(application, environment);
  const rollout = await lockRollout(transaction, found);
  const isSteered = rollout && (isOpenRollout(rollout.state) || (order === 'retry' && rollout.state === 'Aborted'));
  if (!isSteered) throw rolloutMissing(application, environment);
  return rollout;
}

type Found = Pick<RolloutRow, 'uid' | 'application'>;

/** Under the locks of its planner and its own; `undefined` when it ended meanwhile. */
export async function lockOpenRollout(transaction: Transaction, found: Found): Promise<RolloutRow | undefined> {
  const rollout = await lockRollout(transaction, found);
  return rollout && isOpenRollout(rollout.state) ? rollout : undefined;
}

async function lockRollout(transaction: Transaction, { uid, application }: Found): Promise<RolloutRow | undefined> {
  await lockApplications(transaction, [application]);
  const [rollout] = await transaction.manager.find(RolloutRow, { where: { uid }, lock: { mode: 'pessimistic_write' } });
  return rollout;
}

/** What entered an environment last, and was ended by a person: it may be taken up again, and nothing older may. */
const isAbortedLast = `state = 'Aborted' AND cause <> 'rollback' AND NOT EXISTS (SELECT FROM rollout newer
  WHERE newer.application = rollout.application AND newer.environment = rollout.environment
    AND newer.cause <> 'rollback' AND newer.created_at > rollout.created_at)`;

async function isRefused(transaction: Transaction, { release, environment }: RolloutRow): Promise<boolean> {
  const [found] = await transaction.query(
    `SELECT FROM release JOIN quarantine ON quarantine.application = release.application
       AND quarantine.digest = release.digests ->> $2 WHERE release.uid = $1`,
    [release, environment],
  );
  return found !== undefined;
}

interface ToWrite {
  readonly rollout: RolloutRow;
  readonly steered: Steered;
  readonly known: KnownCourse;
  readonly now: Date;
}

async function writeSteered(transaction: Transaction, { rollout, steered, known, now }: ToWrite): Promise<void> {
  const { state, forgive, retry, skip } = steered;
  await transaction.query(
    `UPDATE rollout_step SET forgiven = (forgiven OR cluster = ANY($2)) AND NOT cluster = ANY($3),
       admitted_at = CASE WHEN cluster = ANY($3) THEN $5 ELSE admitted_at END, skipped = skipped OR cluster = ANY($4)
     WHERE rollout = $1 AND (cluster = ANY($2) OR cluster = ANY($3) OR cluster = ANY($4))`,
    [rollout.uid, forgive, retry, skip, isoTime(now.getTime())],
  );
  const isOver = state === 'Aborted';
  // Who is passed by is held by nothing that he did not take.
  if (isOver) await endWaves(transaction, rollout.uid);
  else if (skip.length > 0) await liftWaitingPins(transaction, [rollout.uid], skip);
  const arrived = phasesOf(known, now).filter(({ phase }) => phase === 'Done').length;
  await transaction.query(
    `UPDATE rollout SET state = $2, blocked = NULL, blocked_since = NULL, finished_at = CASE WHEN $3 THEN now() END,
       total = CASE WHEN $3 THEN $4::int END, arrived = CASE WHEN $3 THEN $5::int END WHERE uid = $1`,
    [rollout.uid, state, isOver, known.steps.length, arrived],
  );
}

async function endWaves(transaction: Transaction, rollout: string): Promise<void> {
  await liftWaitingPins(transaction, [rollout]);
  await forgetAsked(transaction, rollout);
}

interface Told {
  readonly given: Given;
  readonly rollout: RolloutRow;
  /** Of the clusters that it is about. */
  readonly names: readonly string[];
}

/** What failed is not tried again by itself as long as nobody asks for it. */
async function tryAgain(transaction: Transaction, { given, rollout, names }: Told): Promise<void> {
  const { project, application, environment } = given.steering;
  for (const cluster of names) {
    await carryOut(transaction, {
      selection: { project, application, environment, cluster },
      by: given.by,
      action: 'target.sync',
      message: 'tried again',
      change: (entry) => ({ ...entry, syncRequest: given.by.request ?? `${rollout.uid} ${given.now.toISOString()}` }),
    });
  }
}

function tell(transaction: Transaction, { given, rollout, names }: Told): void {
  const { steering, by } = given;
  const { uid, project, application, applicationName, environment, revision } = rollout;
  const about = names.length > 0 ? `: ${names.join(', ')}` : '';
  transaction.record({
    project,
    actor: by,
    action: `rollout.${steering.order}`,
    subject: `Application ${project}/${applicationName}`,
    message: `${applicationName} ${shortCommit(revision)} in ${environment} ${said[steering.order]}${about}`,
  });
  transaction.mark('rollout', [uid]);
  // Who is passed by, and what may begin now that this one is over.
  transaction.mark('plan', [application]);
  transaction.changed('rollout', project, [uid]);
}

const said: Readonly<Record<RolloutOrder, string>> = {
  pause: 'is paused: what has begun goes on, nobody else is admitted',
  resume: 'goes on',
  abort: 'is aborted: who was admitted keeps it, nobody else gets it',
  retry: 'is tried again',
  skip: 'passes by',
};

function namesOf({ steps }: KnownCourse, clusters: readonly string[]): string[] {
  const names = new Map(steps.map(({ cluster, name }) => [cluster, name]));
  return clusters.map((cluster) => names.get(cluster) ?? cluster);
}
