import { planWaveQuestions, type WaveAsked } from '@flotilla/control-delivery';
import type { Ids } from '@flotilla/foundation';
import { forgetQuestions, saveQuestions, waveQuestions, type Said } from '../delivery/question-tables.ts';
import type { RolloutRow } from '../rows/rollout.row.ts';
import type { Transaction } from '../transaction.ts';
import type { WrittenAdvance } from './record-advance.ts';

/** Takes away what nobody wants to know any more, and has asked what a look wants asked: by another service, afterwards. */
export async function askBeforeWaves(
  transaction: Transaction,
  { rollout, known: { course, steps, context }, advance, now }: WrittenAdvance,
  ids: Ids,
): Promise<void> {
  if (!context) return;
  const admitted = new Set(advance.admit);
  const beginning = steps.flatMap(({ wave, cluster }) => (admitted.has(cluster) ? [course.waves[wave]!.name] : []));
  const begun = new Set([...course.begun, ...beginning]);
  const looked = { waves: course.waves, advance, begun, now };
  const { asked, due, idle } = planWaveQuestions(looked, context.facts.answers);
  await forgetQuestions(transaction, waveQuestions, idle);
  transaction.mark('gate', due);
  const digest = context.release.digests[rollout.environment]!;
  transaction.mark('gate', await saveWaveQuestions(transaction, { rollout, digest, asked, ids }, { state: 'Asking' }));
}

interface AskedOfRollout {
  readonly rollout: RolloutRow;
  readonly digest: string;
  readonly asked: readonly WaveAsked[];
  readonly ids: Ids;
}

/** Writes down what is said of questions about waves of a rollout. */
export function saveWaveQuestions(
  transaction: Transaction,
  { rollout, digest, asked, ids }: AskedOfRollout,
  said: Said,
): Promise<string[]> {
  const { uid, project, application, applicationName, environment, release, revision } = rollout;
  const inputs = { project, application, applicationName, environment, rollout: uid, release, revision, digest };
  return saveQuestions(
    transaction,
    waveQuestions,
    asked.map((each) => ({ uid: ids.next(), ...inputs, ...each })),
    said,
  );
}

/** A person ended the rollout: where it is taken up again they are asked anew, but for what a person decided. */
export async function forgetAsked(transaction: Transaction, rollout: string): Promise<void> {
  await transaction.query(`DELETE FROM wave_question WHERE rollout = $1 AND state <> 'Overridden'`, [rollout]);
}
