import type { Outcome } from '@flotilla/foundation';
import type { Page, PageRequest, Quarantine, Reason, RollbackRequest, RolloutState } from '@flotilla/model';
import type { OrderGiver, SelectedTarget, TargetSelection } from '../delivery-record.port.ts';
import type { PlannedRollback, RollbackMark } from './plan-rollback.ts';
import type { ResolvedRollback } from './resolve-rollback.ts';
import type { ApplicationHistory, FailedRollout, RollbackFacts } from './rollback-facts.ts';

/** An order to go back, and the standing of things that its giver has seen. */
export interface RollbackOrder extends Omit<RollbackRequest, 'atOnce'> {
  readonly project: string;
  /** In waves where nothing is said. */
  readonly atOnce?: boolean | undefined;
  readonly standing: string;
}

/** How a rollback is decided, so that every filling of the record decides alike. */
export interface RollbackDecisions {
  readonly resolve: (facts: RollbackFacts) => ResolvedRollback;
  readonly plan: (resolved: ResolvedRollback, mark: RollbackMark) => readonly PlannedRollback[];
}

/** An order to let targets go on from what they are held at. */
export interface UnpinOrder {
  readonly selection: TargetSelection;
  /** Only where something newer stands ready that nobody refused; a fault names where nothing does. */
  readonly forward: boolean;
  readonly reason: string;
}

/** How the answer to a failed rollout is decided. */
export interface AnswerDecisions {
  readonly decide: (failed: FailedRollout, history: ApplicationHistory) => Outcome<ResolvedRollback, Reason>;
  readonly plan: RollbackDecisions['plan'];
}

/** The record of rollbacks, pins and quarantine. Each method is one transaction. */
export interface RollbackRecord {
  /** What is known of everything that a selection may be about. */
  rollbackFacts(order: Pick<RollbackOrder, 'project' | 'selection'>): Promise<RollbackFacts>;
  /**
   * Reads the facts under the planner's locks, and carries out what was decided: the intent, its pins, its rollouts, the
   * quarantine and one generation for each cluster, all of it or nothing. Gives the uid of the rollback.
   */
  rollBack(order: RollbackOrder, decisions: RollbackDecisions, by: OrderGiver): Promise<string>;
  /**
   * Takes back what a halted rollout brought, or writes down why that is left to a person; both in one transaction with
   * their line in the ledger, and once for each time that it was halted. Nothing where it is not halted any more.
   */
  answerFailure(rollout: string, decisions: AnswerDecisions): Promise<string | undefined>;
  /** Takes pins off, and has the applications planned again. */
  unpin(order: UnpinOrder, by: OrderGiver): Promise<readonly SelectedTarget[]>;
  /** Lets a source digest, or all that begin so, enter again; a fault when none is refused. */
  liftQuarantine(
    order: { readonly project: string; readonly application: string; readonly digest: string; readonly reason: string },
    by: OrderGiver,
  ): Promise<readonly string[]>;
}

/** A rollback, with how far each place has come. */
export interface RollbackReading {
  readonly uid: string;
  readonly project: string;
  readonly by: string;
  readonly reason: string;
  readonly to: string;
  readonly selection: RollbackRequest['selection'];
  readonly createdAt: Date;
  readonly places: readonly RollbackPlaceReading[];
}

/** One application in one environment that a rollback took back. */
export interface RollbackPlaceReading {
  readonly application: string;
  readonly environment: string;
  readonly revision: string;
  readonly rollout: string;
  readonly state: RolloutState;
  readonly total: number;
  readonly arrived: number;
  readonly failing: number;
  /** How many targets it still holds. */
  readonly held: number;
}

/** A refused digest, as screens show it. */
export interface QuarantineReading extends Quarantine {
  readonly application: string;
  readonly at: Date;
}

/** What screens read of rollbacks; newest first. */
export interface RollbackReader {
  rollbacks(query: { readonly project: string; readonly page: PageRequest }): Promise<Page<RollbackReading>>;
  rollback(project: string, uid: string): Promise<RollbackReading | undefined>;
  quarantine(query: { readonly project: string; readonly page: PageRequest }): Promise<Page<QuarantineReading>>;
}
