import {
  selectionOf,
  type AnswerDecisions,
  type ApplicationHistory,
  type FailedRollout,
  type ResolvedRollback,
  type RollbackMark,
} from '@flotilla/control-delivery';
import { isoTime, type Ids } from '@flotilla/foundation';
import { actorText, shortCommit, systemActor, type Reason } from '@flotilla/model';
import { RolloutRow } from '../rows/rollout.row.ts';
import type { Transaction } from '../transaction.ts';
import { carryOutRollback } from './carry-out-rollback.ts';
import { lockApplications } from './lock-applications.ts';
import { readRollbackFacts } from './read-rollback-facts.ts';

interface AskedAnswer {
  readonly rollout: string;
  readonly decisions: AnswerDecisions;
  readonly ids: Ids;
  readonly now: Date;
}

/** That a failure was left to a person, and why, stands where it is said why the rollout is halted. */
const leftToPerson = 'NotTakenBack';

/** Takes back what a halted rollout brought, or leaves it to a person. Nothing where either was done, or it goes on. */
export async function answerFailure(transaction: Transaction, asked: AskedAnswer): Promise<string | undefined> {
  const rollout = await holdFailed(transaction, asked.rollout);
  if (!rollout) return undefined;
  const [history] = (await readRollbackFacts(transaction, [rollout.application], asked.now)).applications;
  if (!history) return undefined;
  const failed = await readFailed(transaction, rollout, asked.now);
  const decided = asked.decisions.decide(failed, history);
  if (decided.ok) return goBack(transaction, { asked, rollout, failed, history, resolved: decided.value });
  await leaveToPerson(transaction, rollout, decided.reason);
  return undefined;
}

/** Under the planner's lock first: in this order everybody takes them. */
async function holdFailed(transaction: Transaction, uid: string): Promise<RolloutRow | undefined> {
  const known = await transaction.manager.findOneBy(RolloutRow, { uid });
  if (!known) return undefined;
  await lockApplications(transaction, [known.application]);
  const [rollout] = await transaction.manager.find(RolloutRow, { where: { uid }, lock: { mode: 'pessimistic_write' } });
  const isFailed = rollout?.state === 'Halted' && rollout.strategy?.onFailure === 'rollback';
  return isFailed && rollout.blocked?.code !== leftToPerson ? rollout : undefined;
}

async function readFailed(
  transaction: Transaction,
  { uid, project, environment, release }: RolloutRow,
  now: Date,
): Promise<FailedRollout> {
  const [row] = await transaction.query<{ last: Date | null; answered: boolean; recent: number }>(
    `SELECT (SELECT max(admitted_at) FROM rollout_step WHERE rollout = $1) AS last,
       count(*) FILTER (WHERE failed.release = $4) > 0 AS answered,
       count(*) FILTER (WHERE rollback.created_at > $5::timestamptz - interval '1 hour')::int AS recent
     FROM rollback JOIN rollout failed ON failed.uid = rollback.answers
     WHERE failed.project = $2 AND failed.environment = $3`,
    [uid, project, environment, release, isoTime(now.getTime())],
  );
  const { last, answered: isAnswered, recent: answersOfHour } = row!;
  return { uid, environment, release, isAnswered, answersOfHour, ...(last && { lastAdmittedAt: last }) };
}

interface Answer {
  readonly asked: AskedAnswer;
  readonly rollout: RolloutRow;
  readonly failed: FailedRollout;
  readonly history: ApplicationHistory;
  readonly resolved: ResolvedRollback;
}

/** Git is left as it is: what a person wrote nobody takes back but a person. */
function goBack(transaction: Transaction, { asked, rollout, failed, history, resolved }: Answer): Promise<string> {
  const by = systemActor('delivery');
  const { project, revision, environment, blocked } = rollout;
  const reason = `${shortCommit(revision)} failed in ${environment}: ${blocked?.message ?? 'it was halted'}`;
  const since = isoTime(asked.now.getTime());
  const mark: RollbackMark = { rollback: asked.ids.next(), by: actorText(by), reason, since };
  const planned = asked.decisions.plan(resolved, mark);
  const order = { project, reason, to: 'previous-good', selection: selectionOf(failed, history), answers: rollout.uid };
  return carryOutRollback(transaction, { order: { ...order, repair: false }, mark, planned, by });
}

async function leaveToPerson(transaction: Transaction, rollout: RolloutRow, { message }: Reason): Promise<void> {
  const { uid, project, applicationName, revision, environment, blocked } = rollout;
  const why = {
    code: leftToPerson,
    message: `${blocked?.message ?? 'it failed'}; not taken back by itself: ${message}`,
  };
  await transaction.query('UPDATE rollout SET blocked = $2::jsonb WHERE uid = $1', [uid, JSON.stringify(why)]);
  transaction.changed('rollout', project, [uid]);
  transaction.record({
    project,
    actor: systemActor('delivery'),
    action: 'rollback.decline',
    subject: `Application ${project}/${applicationName}`,
    message: `${applicationName} ${shortCommit(revision)} in ${environment} stays halted, and is not taken back by itself: ${message}`,
  });
}
