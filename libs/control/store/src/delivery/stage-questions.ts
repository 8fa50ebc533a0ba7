import type { ApplicationFacts, DeliveryPlan, NamedQuestion, WebAnswer } from '@flotilla/control-delivery';
import type { Transaction } from '../transaction.ts';
import { byApplication, type OfApplication } from './by-application.ts';
import {
  answerColumns,
  answerOf,
  forgetQuestions,
  saveQuestions,
  stageQuestions,
  type AnswerRow,
  type Said,
} from './question-tables.ts';

/** What somebody outside was asked about releases of these applications, and said, by application. */
export async function readAnswers(
  transaction: Transaction,
  applications: readonly string[],
): Promise<ReadonlyMap<string, readonly WebAnswer[]>> {
  const rows = await transaction.query<AnswerRow & OfApplication>(
    `SELECT application, ${answerColumns} FROM gate_question WHERE application = ANY($1) ORDER BY since`,
    [applications],
  );
  return byApplication(rows, answerOf);
}

/** Takes away what nobody wants to know any more, and has asked what a plan wants asked: by another service, afterwards. */
export async function writeQuestions(
  transaction: Transaction,
  application: ApplicationFacts,
  { questions, idle }: NonNullable<DeliveryPlan['promotion']>,
): Promise<void> {
  await forgetQuestions(transaction, stageQuestions, idle);
  transaction.mark('gate', await saveStageQuestions(transaction, application, questions, { state: 'Asking' }));
}

/** Writes down what is said of questions about releases before stages. */
export function saveStageQuestions(
  transaction: Transaction,
  { uid: application, project, name: applicationName }: ApplicationFacts,
  questions: readonly NamedQuestion[],
  said: Said,
): Promise<string[]> {
  const asked = questions.map((question) => ({ ...question, project, application, applicationName }));
  return saveQuestions(transaction, stageQuestions, asked, said);
}
