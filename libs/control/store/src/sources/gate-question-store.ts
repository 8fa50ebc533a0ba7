import type { GateAnswer, GateQuestion, GateQuestions } from '@flotilla/control-sources';
import { shortCommit, systemActor } from '@flotilla/model';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { endTry, type TriedTable } from './end-try.ts';

/** A question has its answer, or was passed over, unless it is in one of these states. An answer counts for a while. */
const questions: TriedTable = {
  name: 'gate_question',
  isOpen: `state IN ('Asking', 'Waiting', 'Failing')`,
  keeps: 'expires_at = now() + make_interval(secs => $5::float8 / 1000)',
};

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
       FROM gate_question WHERE uid = $1 AND ${questions.isOpen}`,
      [uid],
    );
    return question;
  }

  answered(question: GateQuestion, answer: GateAnswer): Promise<void> {
    const { state, reason = null, againInMs = null } = answer;
    const end = { state, reason, againInMs, kept: state === 'Allowed' ? question.expiresMs : null };
    return this.#store.transact(async (transaction) => {
      const isNews = await endTry(transaction, questions, { tried: question, end });
      if (isNews) recordNews(transaction, question, answer);
    });
  }
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
