import { planWaveQuestions, type WaveAsked } from '@flotilla/control-delivery';
import type { Ids } from '@flotilla/foundation';
import { forgetQuestions, saveQuestions, waveQuestions, type Said } from '../delivery/question-tables.ts';
import type { RolloutRow } from '../rows/rollout.row.ts';
import type { Transaction } from '../transaction.ts';
import type { WrittenAdvance } from './record-advance.ts';

/** Takes away what nobody wants to know any more, and has asked what a look wants asked: by another service, afterwards. */
export async function askBeforeWaves(
  transaction: Transaction,
  { rollout, known: { course, steps, question }, advance }: WrittenAdvance,
  ids: Ids,
): Promise<void> {
  if (!question) return;
  const admitted = new Set(advance.admit);
  const hasBegun = (wave: number) =>
    steps.some((step) => step.wave === wave && (step.admittedAt !== undefined || admitted.has(step.cluster)));
  const begun = new Set(course.waves.flatMap(({ name }, wave) => (hasBegun(wave) ? [name] : [])));
  const { asked, idle } = planWaveQuestions({ waves: course.waves, advance, begun }, question.facts.answers);
  await forgetQuestions(transaction, waveQuestions, idle);
  const digest = question.release.digests[rollout.environment]!;
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
