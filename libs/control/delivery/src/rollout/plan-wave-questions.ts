import { askedGate } from '../promotion/gates/web.ts';
import { isOpenQuestion, type AskedGate, type WebAnswer } from '../promotion/web-answers.ts';
import { gatedCode } from './judge-waves.ts';
import type { FrozenWave, RolloutAdvance } from './rollout-course.ts';

/** Whether a wave may begin, as somebody outside is to be asked it. */
export interface WaveAsked {
  readonly wave: string;
  readonly gate: AskedGate;
}

/** What a look at a rollout wants of those outside. */
export interface WaveQuestions {
  readonly asked: readonly WaveAsked[];
  /** Questions that are asked already, and due: whoever is to ask them may have lost that. By uid. */
  readonly due: readonly string[];
  /** Answers that are about nothing any more, by uid. */
  readonly idle: readonly string[];
}

/** A rollout after a look: what was decided, and which of its waves have begun. */
export interface LookedAt {
  readonly waves: readonly Pick<FrozenWave, 'name'>[];
  readonly advance: Pick<RolloutAdvance, 'state' | 'wave' | 'blocked' | 'asks'>;
  readonly begun: ReadonlySet<string>;
  readonly now: Date;
}

/**
 * Who is asked before the wave whose turn it is, and nobody before another one. One no is enough: the others are not asked
 * for theirs again. What was said stands until the wave begins, and while the rollout goes; what a person decided, until it
 * begins.
 */
export function planWaveQuestions(
  { waves, advance: { state, wave, blocked, asks = [] }, begun, now }: LookedAt,
  answers: readonly WebAnswer[],
): WaveQuestions {
  const waiting = blocked?.code === gatedCode ? waves[wave]!.name : undefined;
  const here = answers.filter((answer) => answer.wave === waiting);
  const isRefused = here.some((answer) => answer.state === 'Denied');
  const over = new Set(waves.slice(0, wave).map(({ name }) => name));
  const isIdle = ({ wave: of, state: said }: WebAnswer) =>
    begun.has(of!) || over.has(of!) || (state !== 'Running' && said !== 'Overridden');
  const isDue = (answer: WebAnswer) => isOpenQuestion(answer) && !(answer.nextTry && answer.nextTry > now);
  return {
    asked: waiting === undefined || isRefused ? [] : asks.map((gate) => ({ wave: waiting, gate: askedGate(gate) })),
    due: waiting === undefined ? [] : uidsOf(here.filter(isDue)),
    idle: uidsOf(answers.filter(isIdle)),
  };
}

function uidsOf(answers: readonly WebAnswer[]): string[] {
  return answers.map(({ uid }) => uid);
}
