import { parseDuration } from '@flotilla/foundation';
import { approvalExpiresDefault, type ApprovalGate } from '@flotilla/model';
import type { DeliveryFacts } from '../facts.ts';
import { approversText, isAuthor, mayApprove } from './gates/approval.ts';
import { planPromotions } from './plan-promotions.ts';
import type { PromotionFacts, PromotionOrder, StageFollowing } from './promotion-facts.ts';
import type { ApproveOrder, PromoteOrder } from './promotion-record.port.ts';
import {
  approvalNotAsked,
  candidateSkipped,
  mayNotApprove,
  noCandidate,
  ownCommit,
  promotionStands,
  rolloutAborted,
  stageMissing,
  stageTracks,
} from './promotion-refusals.ts';
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
  const { revision } = candidate;
  if (isAuthor(promotion.authors[revision], who)) throw ownCommit(order, { who, revision });
  return { candidate, expiresAt: new Date(facts.now.getTime() + countsForMs(gate)) };
}

function countsForMs({ expires = approvalExpiresDefault }: ApprovalGate): number {
  return parseDuration(expires) ?? 0;
}

interface Place {
  readonly application: string;
  readonly environment: string;
}

function stageOf(facts: DeliveryFacts, place: Place): { following: StageFollowing; promotion: PromotionFacts } {
  const stage = facts.stages.find(({ environment }) => environment === place.environment);
  if (!stage) throw stageMissing(place);
  if (!stage.following || !facts.promotion) throw stageTracks(place);
  return { following: stage.following, promotion: facts.promotion };
}

/** Judged now, and not as it was shown: between a look and an order the world goes on. */
function chosenCandidate(facts: DeliveryFacts, order: Place & { readonly release?: string | undefined }): Candidate {
  const { standings } = planPromotions(facts, { releases: facts.releases, entering: new Map() });
  const candidates = standings.find(({ environment }) => environment === order.environment)?.candidates ?? [];
  const { release: named } = order;
  const isNamed = ({ release, revision }: Candidate) =>
    release === named || (named !== undefined && revision.startsWith(named));
  const found = named === undefined ? mostLikely(candidates) : candidates.find(isNamed);
  if (!found && isAbortedThere(facts, order)) throw rolloutAborted(order);
  if (!found) throw noCandidate(order, named);
  return found;
}

/** Whether what is asked for, or what entered last where nothing is named, was ended there by a person. */
function isAbortedThere(
  { stages, releases }: DeliveryFacts,
  { environment, release: named }: { readonly environment: string; readonly release?: string | undefined },
): boolean {
  const current = stages.find((stage) => stage.environment === environment)?.current;
  if (current?.admission?.state !== 'Aborted') return false;
  const revision = releases.find(({ uid }) => uid === current.release)?.revision ?? '';
  return named === undefined || named === current.release || revision.startsWith(named);
}

/** Of what waits, the newest that waits for nothing but people; else the newest. */
function mostLikely(candidates: readonly Candidate[]): Candidate | undefined {
  const waiting = candidates.filter(({ state }) => state !== 'Skipped');
  const ripe = waiting.find(({ waits }) =>
    waits.every(({ gate }) => gate === 'promote' || gate.startsWith('approval')),
  );
  return ripe ?? waiting[0];
}
