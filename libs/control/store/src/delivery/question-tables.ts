import type { AskedGate, WebAnswer } from '@flotilla/control-delivery';
import type { Transaction } from '../transaction.ts';

/** Where questions of one kind are kept, and what tells one from the next. */
export interface QuestionTable {
  readonly name: 'gate_question' | 'wave_question';
  readonly unique: string;
}

/** Questions about what would enter a stage. */
export const stageQuestions: QuestionTable = { name: 'gate_question', unique: 'application, environment, digest, url' };
/** Questions about what would begin a wave. */
export const waveQuestions: QuestionTable = { name: 'wave_question', unique: 'rollout, wave, url' };

/** What is to be asked about which inputs; of which wave of which rollout, where that is the question. */
export interface AskedInputs {
  readonly uid: string;
  readonly project: string;
  readonly application: string;
  readonly applicationName: string;
  readonly environment: string;
  readonly rollout?: string;
  readonly wave?: string;
  readonly release: string;
  readonly revision: string;
  readonly digest: string;
  readonly gate: AskedGate;
}

/** What is said of it from now on. */
export type Said = Pick<WebAnswer, 'state' | 'reason' | 'expiresAt'>;

/** What was said before counts no more; a try that is still on its way is told apart by its number. Returns who is asked. */
export async function saveQuestions(
  transaction: Transaction,
  { name, unique }: QuestionTable,
  questions: readonly AskedInputs[],
  said: Said,
): Promise<string[]> {
  const [first, ...more] = questions.map((question) => rowOf(question, said));
  if (!first) return [];
  const columns = Object.keys(first).join(', ');
  const saved = await transaction.query<{ uid: string }>(
    `INSERT INTO ${name} (${columns}, since)
     SELECT ${columns}, now() FROM jsonb_populate_recordset(NULL::${name}, $1)
     ON CONFLICT (${unique}) DO UPDATE SET release = excluded.release, revision = excluded.revision,
       digest = excluded.digest, secret = excluded.secret, every_ms = excluded.every_ms,
       expires_ms = excluded.expires_ms, state = excluded.state, reason = excluded.reason, since = excluded.since,
       tries = ${name}.tries + 1, failures = 0, next_try = NULL, expires_at = excluded.expires_at
     RETURNING uid`,
    [JSON.stringify([first, ...more])],
  );
  return saved.map(({ uid }) => uid);
}

/** By the names of the columns. */
function rowOf({ applicationName, gate, ...question }: AskedInputs, { state, reason, expiresAt }: Said) {
  const { url, secret, everyMs, expiresMs } = gate;
  return {
    ...question,
    application_name: applicationName,
    url,
    secret,
    every_ms: everyMs,
    expires_ms: expiresMs,
    state,
    reason,
    expires_at: expiresAt,
  };
}

/** Nobody wants to know any more. */
export async function forgetQuestions(
  transaction: Transaction,
  { name }: QuestionTable,
  uids: readonly string[],
): Promise<void> {
  if (uids.length > 0) await transaction.query(`DELETE FROM ${name} WHERE uid = ANY($1)`, [uids]);
}

/** As SQL, what `answerOf` reads. */
export const answerColumns = `uid, environment, digest, url, secret, every_ms AS "everyMs", expires_ms AS "expiresMs", state,
  reason, since, next_try AS "nextTry", expires_at AS "expiresAt"`;

/** An answer as it is read. */
export interface AnswerRow
  extends Pick<WebAnswer, 'uid' | 'environment' | 'wave' | 'digest' | 'state' | 'since'>, AskedGate {
  readonly reason: string | null;
  readonly nextTry: Date | null;
  readonly expiresAt: Date | null;
}

/** What somebody outside was asked, and said. */
export function answerOf({
  url,
  secret,
  everyMs,
  expiresMs,
  reason,
  nextTry,
  expiresAt,
  ...answer
}: AnswerRow): WebAnswer {
  return {
    ...answer,
    gate: { url, secret, everyMs, expiresMs },
    ...(reason !== null && { reason }),
    ...(nextTry && { nextTry }),
    ...(expiresAt && { expiresAt }),
  };
}
