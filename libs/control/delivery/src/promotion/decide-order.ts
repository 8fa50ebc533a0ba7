import { parseDuration } from '@flotilla/foundation';
import { approvalExpiresDefault, type ApprovalGate } from '@flotilla/model';
import type { DeliveryFacts } from '../facts.ts';
import { chosenCandidate, stageOf } from './chosen-candidate.ts';
import { placeOf } from './finished-in.ts';
import { approversText, mayApprove } from './gates/approval.ts';
import type { PromotionOrder } from './promotion-facts.ts';
import type { ApproveOrder, PromoteOrder } from './promotion-record.port.ts';
import { approvalNotAsked, candidateSkipped, mayNotApprove, ownCommit, promotionStands } from './promotion-refusals.ts';
import type { Candidate } from './stage-standing.ts';
import { isWriter, writersOf } from './writers-of.ts';

/** What an order to promote does: it stands for a candidate, and takes the place of others or joins the same one. */
export interface DecidedPromotion {
  readonly candidate: Candidate;
  /** The order that says the same already. */
  readonly same?: PromotionOrder | undefined;
  readonly replaces: readonly PromotionOrder[];
}

/** Whether somebody's order to promote is taken; a fault says why it is not. */
export function decidePromotion(facts: DeliveryFacts, order: PromoteOrder, who: string): DecidedPromotion {
  const { promotion } = stageOf(facts, order);
  const candidate = chosenCandidate(facts, order);
  if (candidate.state === 'Skipped' && candidate.waits.some(({ gate }) => gate !== 'promote')) {
    throw candidateSkipped(order, candidate);
  }
  const standing = promotion.orders.filter(({ environment }) => environment === order.environment);
  const same = standing.find(({ release, instead }) => release === candidate.release && instead === order.instead);
  const replaces = standing.filter((each) => each !== same);
  const foreign = replaces.find((each) => each.who !== who && each.release !== candidate.release);
  if (foreign && !order.instead) {
    const revision = facts.releases.find(({ uid }) => uid === foreign.release)?.revision ?? foreign.release;
    throw promotionStands(order, { who: foreign.who, revision });
  }
  return { candidate, same, replaces };
}

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
  const gate = gates.find((each) => mayApprove(each, who, promotion));
  if (!gate) throw mayNotApprove(order, { who, approvers: gates.map(approversText).join(' or ') });
  const { release, revision } = candidate;
  const writers = writersOf(order.environment, {
    ...promotion,
    releases: facts.releases.slice(placeOf(release, facts)),
  });
  if (isWriter(writers, who)) throw ownCommit(order, { who, revision });
  return { candidate, expiresAt: new Date(facts.now.getTime() + countsForMs(gate)) };
}

/** How long an approval counts that is given to this gate. */
export function countsForMs({ expires = approvalExpiresDefault }: ApprovalGate): number {
  return parseDuration(expires) ?? 0;
}
