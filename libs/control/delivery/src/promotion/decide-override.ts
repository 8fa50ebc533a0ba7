import { parseDuration } from '@flotilla/foundation';
import { approvalExpiresDefault } from '@flotilla/model';
import type { DeliveryFacts } from '../facts.ts';
import { chosenCandidate, stageOf } from './chosen-candidate.ts';
import { askedGate, webGate } from './gates/web.ts';
import type { OverrideOrder } from './promotion-record.port.ts';
import { candidateSkipped, nobodyAsked } from './promotion-refusals.ts';
import type { Candidate } from './stage-standing.ts';
import type { PlannedQuestion } from './web-answers.ts';

/** Whose word a person does without, for which inputs, and until when. */
export interface DecidedOverride {
  readonly candidate: Candidate;
  readonly questions: readonly PlannedQuestion[];
  /** The gates by their names. */
  readonly gates: readonly string[];
  readonly expiresAt: Date;
}

/** Whether a person may do without the word of those who are asked outside; every other gate holds as before. */
export function decideOverride(facts: DeliveryFacts, order: OverrideOrder): DecidedOverride {
  const asked = stageOf(facts, order).following.gates.flatMap(({ web }) => web ?? []);
  if (asked.length === 0) throw nobodyAsked(order);
  const candidate = chosenCandidate(facts, order);
  if (candidate.state === 'Skipped') throw candidateSkipped(order, candidate);
  const { release, revision, digest } = candidate;
  const { environment } = order;
  return {
    candidate,
    questions: asked.map((gate) => ({ environment, release, revision, digest, gate: askedGate(gate) })),
    gates: asked.map(webGate.title),
    expiresAt: overrideEnd(facts.now),
  };
}

/** Until when a person's word stands in for somebody else's, before a stage as before a wave. */
export function overrideEnd(now: Date): Date {
  return new Date(now.getTime() + (parseDuration(approvalExpiresDefault) ?? 0));
}
