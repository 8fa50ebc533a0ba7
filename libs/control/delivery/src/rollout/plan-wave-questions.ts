import { askedGate } from '../promotion/gates/web.ts';
import type { AskedGate, WebAnswer } from '../promotion/web-answers.ts';
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
  /** Answers that are about nothing any more, by uid. */
  readonly idle: readonly string[];
}

/** A rollout after a look: what was decided, and which of its waves have begun. */
export interface LookedAt {
  readonly waves: readonly Pick<FrozenWave, 'name'>[];
  readonly advance: Pick<RolloutAdvance, 'wave' | 'blocked' | 'asks'>;
  readonly begun: ReadonlySet<string>;
}

/**
 * Who is asked before the wave whose turn it is, and nobody before another one: what they say is to be fresh. What a person
 * decided stands until its wave begins.
 */
export function planWaveQuestions(
  { waves, advance: { wave, blocked, asks = [] }, begun }: LookedAt,
  answers: readonly WebAnswer[],
): WaveQuestions {
  const waiting = blocked?.code === gatedCode ? waves[wave]!.name : undefined;
  const isIdle = (answer: WebAnswer) =>
    begun.has(answer.wave!) || (answer.wave !== waiting && answer.state !== 'Overridden');
  return {
    asked: waiting === undefined ? [] : asks.map((gate) => ({ wave: waiting, gate: askedGate(gate) })),
    idle: answers.filter(isIdle).map(({ uid }) => uid),
  };
}
