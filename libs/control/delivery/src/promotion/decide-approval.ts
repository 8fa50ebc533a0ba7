import { parseDuration } from '@flotilla/foundation';
import { approvalExpiresDefault, type ApprovalGate } from '@flotilla/model';
import type { DeliveryFacts } from '../facts.ts';
import { chosenCandidate, stageOf } from './chosen-candidate.ts';
import { placeOf } from './finished-in.ts';
import { approversText, mayApprove } from './gates/approval.ts';
import type { Author, GateFacts } from './promotion-facts.ts';
import type { ApproveOrder } from './promotion-record.port.ts';
import { approvalNotAsked, mayNotApprove, ownCommit } from './promotion-refusals.ts';
import type { Candidate, StageName } from './stage-standing.ts';
import { isWriter, writersOf } from './writers-of.ts';

/** What an approval is for, and until when it counts. */
export interface DecidedApproval {
  readonly candidate: Candidate;
  readonly expiresAt: Date;
}

/** Whether somebody's approval is taken; a fault says why it is not. */
export function decideApproval(facts: DeliveryFacts, order: ApproveOrder, who: string): DecidedApproval {
  const { following, promotion } = stageOf(facts, order);
  const gates = following.gates.flatMap(({ approval }) => approval ?? []);
  if (gates.length === 0) throw approvalNotAsked(order);
  const candidate = chosenCandidate(facts, order);
  const { now } = facts;
  const { release, revision } = candidate;
  const releases = facts.releases.slice(placeOf(release, facts));
  const writers = writersOf(order.environment, { ...promotion, releases });
  return { candidate, expiresAt: approvalEnd(order, gates, { who, revision, writers, now, facts: promotion }) };
}

/** Who approves which commit when, and what is known of those who may. */
export interface Approving {
  readonly who: string;
  readonly revision: string;
  /** Who wrote what it brings. */
  readonly writers: readonly Author[];
  readonly now: Date;
  readonly facts: Pick<GateFacts, 'groups'>;
}

/**
 * Until when somebody's approval counts before one of these gates, of a stage as of a wave; a fault where none of them asks
 * for it, or where they wrote what enters themselves.
 */
export function approvalEnd(
  stage: StageName,
  gates: readonly ApprovalGate[],
  { who, revision, writers, now, facts }: Approving,
): Date {
  const gate = gates.find((each) => mayApprove(each, who, facts));
  if (!gate) throw mayNotApprove(stage, { who, approvers: gates.map(approversText).join(' or ') });
  if (isWriter(writers, who)) throw ownCommit(stage, { who, revision });
  return new Date(now.getTime() + (parseDuration(gate.expires ?? approvalExpiresDefault) ?? 0));
}
