import type { ApplicationFacts, AskedGate, DeliveryPlan, NamedQuestion, WebAnswer } from '@flotilla/control-delivery';
import type { Transaction } from '../transaction.ts';
import { byApplication, type OfApplication } from './by-application.ts';

/** What somebody outside was asked about releases of these applications, and said, by application. */
export async function readAnswers(
  transaction: Transaction,
  applications: readonly string[],
): Promise<ReadonlyMap<string, readonly WebAnswer[]>> {
  const rows = await transaction.query<AnswerRow>(
    `SELECT application, uid, environment, digest, url, secret, every_ms AS "everyMs", expires_ms AS "expiresMs", state,
       reason, since, next_try AS "nextTry", expires_at AS "expiresAt"
     FROM gate_question WHERE application = ANY($1) ORDER BY since`,
    [applications],
  );
  return byApplication(rows, answerOf);
}

interface AnswerRow
  extends Pick<WebAnswer, 'uid' | 'environment' | 'digest' | 'state' | 'since'>, AskedGate, OfApplication {
  readonly reason: string | null;
  readonly nextTry: Date | null;
  readonly expiresAt: Date | null;
}

function answerOf({ uid, environment, digest, state, since, ...row }: Omit<AnswerRow, 'application'>): WebAnswer {
  const { url, secret, everyMs, expiresMs, reason, nextTry, expiresAt } = row;
  return {
    uid,
    environment,
    digest,
    state,
    since,
    gate: { url, secret, everyMs, expiresMs },
    ...(reason !== null && { reason }),
    ...(nextTry && { nextTry }),
    ...(expiresAt && { expiresAt }),
  };
}

/** Takes away what nobody wants to know any more, and has asked what a plan wants asked: by another service, afterwards. */
export async function writeQuestions(
  transaction: Transaction,
  application: ApplicationFacts,
  { questions, idle }: NonNullable<DeliveryPlan['promotion']>,
): Promise<void> {
  if (idle.length > 0) await transaction.query('DELETE FROM gate_question WHERE uid = ANY($1)', [idle]);
  if (questions.length === 0) return;
  const asked = await saveQuestions(transaction, application, questions, { state: 'Asking' });
  transaction.mark('gate', asked);
}

/** What was said before counts no more; a try that is still on its way is told apart by its number. */
export async function saveQuestions(
  transaction: Transaction,
  { uid: application, project, name }: ApplicationFacts,
  questions: readonly NamedQuestion[],
  { state, reason, expiresAt }: Pick<WebAnswer, 'state' | 'reason' | 'expiresAt'>,
): Promise<string[]> {
  const rows = questions.map(({ gate, ...question }) => ({ ...question, ...gate }));
  const saved = await transaction.query<{ uid: string }>(
    `INSERT INTO gate_question (uid, project, application, application_name, environment, release, revision, digest, url,
       secret, every_ms, expires_ms, state, reason, since, expires_at)
     SELECT uid, $2, $3, $4, environment, release, revision, digest, url, secret, "everyMs", "expiresMs", $5, $6, now(), $7
     FROM jsonb_to_recordset($1) AS row (uid text, environment text, release text, revision text, digest text, url text,
       secret text, "everyMs" float8, "expiresMs" float8)
     ON CONFLICT (application, environment, digest, url) DO UPDATE SET release = excluded.release,
       revision = excluded.revision, secret = excluded.secret, every_ms = excluded.every_ms,
       expires_ms = excluded.expires_ms, state = excluded.state, reason = excluded.reason, since = excluded.since,
       tries = gate_question.tries + 1, failures = 0, next_try = NULL, expires_at = excluded.expires_at
     RETURNING uid`,
    [JSON.stringify(rows), project, application, name, state, reason ?? null, expiresAt ?? null],
  );
  return saved.map(({ uid }) => uid);
}
