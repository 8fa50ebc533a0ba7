import { openQuestionStates } from '@flotilla/control-delivery';
import type { GateAnswer, GateQuestion, GateQuestions } from '@flotilla/control-sources';
import { placeText, shortCommit, systemActor } from '@flotilla/model';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { stageQuestions, waveQuestions } from '../delivery/question-tables.ts';
import { isOpen as isOpenRollout } from '../rollouts/open-rollouts.ts';
import { endTry, type TriedTable } from './end-try.ts';

/** A question has its answer, or was passed over, unless it is in one of these states. An answer counts for a while. */
const isAsked = `state IN (${openQuestionStates.map((state) => `'${state}'`).join(', ')})`;
const keeps = 'expires_at = now() + make_interval(secs => $5::float8 / 1000)';
const beforeStages: TriedTable = {
  name: stageQuestions.name,
  wakes: { kind: 'plan', by: 'application' },
  isOpen: isAsked,
  keeps,
};
/** Of a rollout that is over nobody wants to know any more. */
const beforeWaves: TriedTable = {
  name: waveQuestions.name,
  wakes: { kind: 'rollout', by: 'rollout' },
  isOpen: `${isAsked} AND EXISTS (SELECT FROM rollout WHERE rollout.uid = wave_question.rollout AND ${isOpenRollout})`,
  keeps,
};

const columns = `uid, project, application_name AS application, environment, release, revision, digest, url, secret,
  every_ms AS "everyMs", expires_ms AS "expiresMs", tries, failures,
  coalesce(extract(epoch FROM next_try - now()) * 1000, 0)::float8 AS "dueInMs"`;

/** Questions to people outside, in PostgreSQL. */
export class GateQuestionStore implements GateQuestions {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async find(uid: string): Promise<GateQuestion | undefined> {
    const [found] = await this.#store.query<Omit<GateQuestion, 'wave'> & { readonly wave: string | null }>(
      `SELECT NULL AS wave, ${columns} FROM gate_question WHERE uid = $1 AND ${beforeStages.isOpen}
       UNION ALL SELECT wave, ${columns} FROM wave_question WHERE uid = $1 AND ${beforeWaves.isOpen}`,
      [uid],
    );
    if (!found) return undefined;
    const { wave, ...question } = found;
    return { ...question, ...(wave !== null && { wave }) };
  }

  answered(question: GateQuestion, answer: GateAnswer): Promise<void> {
    const { state, reason = null, againInMs = null } = answer;
    const end = { state, reason, againInMs, kept: state === 'Allowed' ? question.expiresMs : null };
    return this.#store.transact(async (transaction) => {
      const table = question.wave === undefined ? beforeStages : beforeWaves;
      const isNews = await endTry(transaction, table, { tried: question, end });
      if (isNews) recordNews(transaction, question, answer);
    });
  }
}

/** What a person may have to do something about; that a gate was passed is told when the release has done so. */
function recordNews(transaction: Transaction, question: GateQuestion, { state, reason }: GateAnswer): void {
  if (state !== 'Denied' && state !== 'Failing') return;
  const { project, application, environment, wave, revision, url } = question;
  const word = state === 'Denied' ? 'says no' : 'did not answer';
  transaction.record({
    project,
    actor: systemActor('sources'),
    action: state === 'Denied' ? 'gate.deny' : 'gate.fail',
    subject: `Application ${project}/${application}`,
    message: `${application} ${shortCommit(revision)} before ${placeText(environment, wave)}: ${new URL(url).host} ${word}: ${reason ?? ''}`,
  });
}
