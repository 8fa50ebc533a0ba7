import { jsonText } from '../json-text.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Carries an order out unless this request did so before, and then gives the answer of then. Remembered in the
 * transaction of the effect: when an answer was lost, or a broker brought the request twice, nothing happens twice. A
 * second one that comes meanwhile waits for the first. Answers are remembered for a day (`delivery-retention.ts`).
 */
export async function carryOutOnce<Answer>(
  transaction: Transaction,
  request: string | undefined,
  carryOut: () => Promise<Answer>,
): Promise<Answer> {
  if (request === undefined) return carryOut();
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('order/' || $1, 0))`, [request]);
  const [before] = await transaction.query<{ answer: Answer }>(`SELECT answer FROM given_order WHERE request = $1`, [
    request,
  ]);
  if (before) return before.answer;
  const answer = await carryOut();
  await transaction.query(`INSERT INTO given_order (request, answer, at) VALUES ($1, $2, now())`, [
    request,
    jsonText(answer),
  ]);
  return answer;
}
