import type { GateAnswer, GateQuestion, GateQuestions } from '@flotilla/control-sources';
import { shortCommit, systemActor } from '@flotilla/model';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

/** A question has its answer, or was passed over, unless it is in one of these. */
const isOpen = `state IN ('Asking', 'Waiting', 'Failing')`;

/** Questions to people outside, in PostgreSQL. */
export class GateQuestionStore implements GateQuestions {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async find(uid: string): Promise<GateQuestion | undefined> {
    const [question] = await this.#store.query<GateQuestion>(
      `SELECT uid, project, application_name AS application, environment, release, revision, digest, url, secret,
         every_ms AS "everyMs", expires_ms AS "expiresMs", tries, failures,
         coalesce(extract(epoch FROM next_try - now()) * 1000, 0)::float8 AS "dueInMs"
       FROM gate_question WHERE uid = $1 AND ${isOpen}`,
      [uid],
    );
    return question;
  }

  answered(question: GateQuestion, answer: GateAnswer): Promise<void> {
    return this.#store.transact(async (transaction) => {
      const [before] = await transaction.query<{ state: string; application: string }>(
        `SELECT state, application FROM gate_question WHERE uid = $1 AND tries = $2 AND ${isOpen} FOR UPDATE`,
        [question.uid, question.tries],
      );
      if (!before) return;
      await writeAnswer(transaction, question, answer);
      transaction.mark('plan', [before.application]);
      if (before.state !== answer.state) recordNews(transaction, question, answer);
    });
  }
}

async function writeAnswer(transaction: Transaction, question: GateQuestion, answer: GateAnswer): Promise<void> {
  const { state, reason, againInMs } = answer;
  const lastsMs = state === 'Allowed' ? question.expiresMs : null;
  await transaction.query(
    `UPDATE gate_question SET since = CASE WHEN state = $2 THEN since ELSE now() END, state = $2, reason = $3,
       tries = tries + 1, failures = CASE WHEN $2 = 'Failing' THEN failures + 1 ELSE 0 END,
       next_try = now() + make_interval(secs => $4::float8 / 1000), expires_at = now() + make_interval(secs => $5::float8 / 1000)
     WHERE uid = $1`,
    [question.uid, state, reason ?? null, againInMs ?? null, lastsMs],
  );
}

/** What a person may have to do something about; that a gate was passed is told when the release has done so. */
function recordNews(transaction: Transaction, question: GateQuestion, { state, reason }: GateAnswer): void {
  if (state !== 'Denied' && state !== 'Failing') return;
  const { project, application, environment, revision, url } = question;
  const word = state === 'Denied' ? 'says no' : 'did not answer';
  transaction.record({
    project,
    actor: systemActor('sources'),
    action: state === 'Denied' ? 'gate.deny' : 'gate.fail',
    subject: `Application ${project}/${application}`,
    message: `${application} ${shortCommit(revision)} before ${environment}: ${new URL(url).host} ${word}: ${reason ?? ''}`,
  });
}
