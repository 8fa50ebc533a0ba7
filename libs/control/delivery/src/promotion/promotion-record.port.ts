import type { OrderGiver } from '../delivery-record.port.ts';

/** What somebody wants: a release in a stage that comes after others. */
export interface PromoteOrder {
  readonly project: string;
  readonly application: string;
  readonly environment: string;
  /** By uid or commit; the newest that could go where nothing is said. */
  readonly release?: string | undefined;
  readonly reason: string;
  /** It takes the place of another person's order, and does not wait for a rollout that is under way. */
  readonly instead: boolean;
}

/** What an order to promote became. */
export interface Promoted {
  /** The order that stands now. */
  readonly promotion: string;
  readonly release: string;
  readonly revision: string;
  readonly digest: string;
  /** Whose order ended because of this one. */
  readonly replaced?: string | undefined;
}

/** That somebody agrees to what would enter: exactly these inputs, of the release that was looked at. */
export interface ApproveOrder {
  readonly project: string;
  readonly application: string;
  readonly environment: string;
  readonly release?: string | undefined;
}

/** The same before a wave, where one is named: it counts for that wave of the rollout that is under way, and nowhere else. */
export interface ApprovalOrder extends ApproveOrder {
  readonly wave?: string | undefined;
}

/** What was agreed to. */
export interface Approved {
  readonly approval: string;
  readonly release: string;
  readonly revision: string;
  readonly digest: string;
  readonly expiresAt: string;
  /** The wave that it is for. */
  readonly wave?: string | undefined;
}

/** That somebody does without the word of those who are asked outside, for exactly these inputs; before a wave where one is named. */
export interface OverrideOrder extends ApprovalOrder {
  readonly reason: string;
}

/** What enters without being let in by those who are asked. */
export interface Overridden {
  readonly release: string;
  readonly revision: string;
  readonly digest: string;
  /** The gates by their names. */
  readonly gates: readonly string[];
  readonly expiresAt: string;
  /** The wave before which they are not asked. */
  readonly wave?: string | undefined;
}

/** That somebody lets nothing past a stage, or nothing of one release, until they say otherwise or for a while. */
export interface HoldOrder extends ApproveOrder {
  readonly reason: string;
  readonly forMs?: number | undefined;
}

/** What is held now. */
export interface Held {
  readonly hold: string;
  readonly release?: string | undefined;
  readonly revision?: string | undefined;
  readonly expiresAt?: string | undefined;
}

/** That a stage, or one release in it, is held no more. */
export interface UnholdOrder extends ApproveOrder {
  readonly reason: string;
}

/** The holds that ended. */
export interface Unheld {
  readonly holds: readonly string[];
}

/**
 * The orders of people about releases before stages. Each is one transaction, once per request, under the lock of the
 * application's planner: of two that come at the same moment the second sees what the first did.
 */
export interface PromotionRecord {
  /** Has a release enter a stage as soon as its gates let it in; a fault where another person's order stands. */
  promote(order: PromoteOrder, by: OrderGiver): Promise<Promoted>;
  /** Agrees to what would enter; a fault where nobody is asked, where somebody else is, or where it is one's own commit. */
  approve(order: ApprovalOrder, by: OrderGiver): Promise<Approved>;
  /** Does without the word of those who are asked outside; a fault where nobody is, or where it can never enter. */
  override(order: OverrideOrder, by: OrderGiver): Promise<Overridden>;
  /** Lets nothing past a stage, or nothing of one release; a fault where somebody holds exactly that already. */
  hold(order: HoldOrder, by: OrderGiver): Promise<Held>;
  /** Ends what is held there; a fault where nothing is. */
  unhold(order: UnholdOrder, by: OrderGiver): Promise<Unheld>;
}
