import type { DeliveryFacts } from '../facts.ts';
import { chosenCandidate, stageOf } from './chosen-candidate.ts';
import type { PromotionOrder } from './promotion-facts.ts';
import type { PromoteOrder } from './promotion-record.port.ts';
import { candidateSkipped, promotionStands } from './promotion-refusals.ts';
import type { Candidate } from './stage-standing.ts';

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
