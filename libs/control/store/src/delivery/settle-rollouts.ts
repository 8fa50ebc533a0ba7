import type { RolloutProgress } from '@flotilla/control-delivery';
import { systemActor } from '@flotilla/model';
import { isOpen } from '../rollouts/open-rollouts.ts';
import type { Transaction } from '../transaction.ts';
import { lockApplications } from './lock-applications.ts';
import { markFollowed } from './mark-followed.ts';

/** What a look at rollouts found. Those that are over already are in neither. */
export interface Settled {
  readonly progress: ReadonlyMap<string, RolloutProgress>;
  /** Those that admit their clusters one after another, and were not looked at. */
  readonly inWaves: ReadonlySet<string>;
}

/** An open rollout, and how many of the targets that it is for arrived. */
interface Looked {
  readonly uid: string;
  readonly project: string;
  readonly application: string;
  readonly name: string;
  readonly environment: string;
  readonly inWaves: boolean;
  readonly total: number;
  readonly arrived: number;
}

/** Looks at rollouts that admitted everybody at once: when all of its targets arrived, a release is good. */
export async function settleRollouts(transaction: Transaction, uids: readonly string[]): Promise<Settled> {
  const looked = await lookAt(transaction, uids);
  const inWaves = new Set(looked.filter((each) => each.inWaves).map(({ uid }) => uid));
  const atOnce = looked.filter(({ uid }) => !inWaves.has(uid));
  const closed = await close(transaction, atOnce.filter(isReached));
  const standing = atOnce.filter((each) => !isReached(each) || closed.has(each.uid));
  return { progress: new Map(standing.map((each) => [each.uid, progressOf(each)])), inWaves };
}

/** Its release is good now. */
function isReached({ total, arrived: there }: Looked): boolean {
  return total > 0 && there === total;
}

function progressOf({ name: application, environment, total, arrived: reached }: Looked): RolloutProgress {
  return { application, environment, total, arrived: reached };
}

/** What a freeze keeps at the release before it is well, and has not arrived. */
function lookAt(transaction: Transaction, uids: readonly string[]): Promise<Looked[]> {
  return transaction.query<Looked>(
    `SELECT uid, project, application, application_name AS name, environment,
       strategy IS NOT NULL AS "inWaves", counted.total, counted.arrived
     FROM rollout CROSS JOIN LATERAL (
       SELECT count(*)::int AS total, count(*) FILTER (WHERE ${arrived} AND target.release = rollout.release)::int AS arrived
       FROM target LEFT JOIN target_status status ON status.target = target.uid
       WHERE strategy IS NULL AND target.application = rollout.application AND target.environment = rollout.environment
         AND intent = 'run' AND gone_generation IS NULL AND pin IS NULL) AS counted
     WHERE uid = ANY($1) AND ${isOpen}`,
    [uids],
  );
}

/**
 * Closes them, but for those that a plan has put newer ones in place of at this very moment, and says which. Under the
 * locks of their applications, because plans write the same targets in another order.
 */
async function close(transaction: Transaction, over: readonly Looked[]): Promise<ReadonlySet<string>> {
  if (over.length === 0) return new Set();
  await lockApplications(
    transaction,
    over.map(({ application }) => application),
  );
  const counts = over.map(({ uid, total, arrived: there }) => ({ uid, total, arrived: there }));
  const rows = await transaction.query<{ uid: string }>(
    `UPDATE rollout SET state = 'Finished', finished_at = now(), total = closing.total, arrived = closing.arrived
     FROM jsonb_to_recordset($1) AS closing (uid text, total int, arrived int)
     WHERE rollout.uid = closing.uid AND rollout.state = 'Running' RETURNING rollout.uid`,
    [JSON.stringify(counts)],
  );
  const closed = new Set(rows.map(({ uid }) => uid));
  for (const { project, uid } of over) if (closed.has(uid)) transaction.changed('rollout', project, [uid]);
  await rememberAsGood(
    transaction,
    over.filter(({ uid }) => closed.has(uid)),
  );
  return closed;
}

async function rememberAsGood(transaction: Transaction, finished: readonly Looked[]): Promise<void> {
  if (finished.length === 0) return;
  await transaction.query(
    `UPDATE target SET last_good = rollout.release FROM rollout
     WHERE rollout.uid = ANY($1) AND target.application = rollout.application
       AND target.environment = rollout.environment AND target.release = rollout.release`,
    [finished.map(({ uid }) => uid)],
  );
  await markFollowed(
    transaction,
    finished.map(({ application }) => application),
  );
  for (const { project, name, environment, total } of finished) {
    transaction.record({
      project,
      actor: systemActor('delivery'),
      action: 'rollout.finish',
      subject: `Application ${project}/${name}`,
      message: `${name} arrived on all ${total} targets of ${environment}`,
    });
  }
}

/** Over the rows of `rollout`: how many targets run its release, and how many of them it reached. */
export function countedTargets(condition = ''): string {
  return `(SELECT count(*)::int FROM target LEFT JOIN target_status status ON status.target = target.uid
    WHERE target.application = rollout.application AND target.environment = rollout.environment
      AND target.release = rollout.release AND intent = 'run' AND gone_generation IS NULL ${condition})`;
}

/**
 * Over the rows of `rollout`: how many targets it is for. Whose turn has not come runs something else until then; a rollout
 * without waves takes everybody at once.
 */
export const targetsInAll = `coalesce(
  (SELECT nullif(count(*), 0)::int FROM rollout_step step WHERE step.rollout = rollout.uid),
  ${countedTargets()})`;

/** Health counts only when it was reported for the generation that brought the release. */
export const arrived = `status.generation = target.generation AND status.release = target.release
  AND status.sync = 'Synced' AND status.health = 'Healthy'`;
