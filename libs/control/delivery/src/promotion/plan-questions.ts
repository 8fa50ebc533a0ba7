import type { WebGate } from '@flotilla/model';
import { askedGate, isWebWait } from './gates/web.ts';
import type { StageFollowing } from './promotion-facts.ts';
import { isRecordWait } from './stage-records.ts';
import type { GateWait } from './stage-standing.ts';
import type { PlannedQuestion, WebAnswer } from './web-answers.ts';

/** A release before a stage, as its gates judged it. */
export interface AskingCandidate {
  readonly release: string;
  readonly revision: string;
  readonly digest: string;
  readonly never: boolean;
  readonly waits: readonly GateWait[];
  /** Who has not been asked about it, or has to be asked again. */
  readonly asks: readonly WebGate[];
}

/** More than these wait their turn: nobody outside answers for what came fifty commits ago. */
const askedMax = 10;

/** Who is to be asked now: about what nothing but somebody outside holds back, so that what they say is fresh. */
export function planQuestions(environment: string, candidates: readonly AskingCandidate[]): PlannedQuestion[] {
  const ripe = candidates.slice(0, askedMax).filter(({ never, waits }) => !never && waits.every(isLast));
  const newestOf = new Map(ripe.toReversed().map((candidate) => [candidate.digest, candidate]));
  return [...newestOf.values()].flatMap(({ release, revision, digest, asks }) =>
    asks.map((gate) => ({ environment, release, revision, digest, gate: askedGate(gate) })),
  );
}

/** Who is asked outside, and what is written down after that, come after everything else. */
function isLast(wait: GateWait): boolean {
  return isWebWait(wait) || isRecordWait(wait);
}

/** Answers that are about nothing any more: the release entered, can never enter, or nobody is asked there now. */
export function idleAnswers(
  { environment, gates }: { readonly environment: string; readonly gates: StageFollowing['gates'] },
  candidates: readonly AskingCandidate[],
  answers: readonly WebAnswer[],
): string[] {
  const urls = new Set(gates.flatMap(({ web }) => web?.url ?? []));
  const digests = new Set(candidates.filter(({ never }) => !never).map(({ digest }) => digest));
  const here = answers.filter((answer) => answer.environment === environment);
  return here.filter(({ digest, gate }) => !digests.has(digest) || !urls.has(gate.url)).map(({ uid }) => uid);
}
