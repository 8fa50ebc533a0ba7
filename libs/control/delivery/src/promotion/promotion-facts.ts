import type { Gate, PromotionMode, RolloutCause, RolloutState } from '@flotilla/model';
import type { RecordPlace, GitRecord } from './stage-records.ts';
import type { StageStanding } from './stage-standing.ts';
import type { WebAnswer } from './web-answers.ts';

/** How a stage gets its releases when it tracks nothing: from the stages that it comes after. */
export interface StageFollowing {
  readonly after: readonly string[];
  readonly promote: PromotionMode;
  readonly gates: readonly Gate[];
  /** Where it is written down in Git what enters, before it does; nowhere where that is not asked for. */
  readonly record?: RecordPlace;
}

/** What speaks for and against releases that would enter stages after others. Read where there are such stages. */
export interface PromotionFacts {
  /** The rollouts of the known releases, newest first. */
  readonly past: readonly PastRollout[];
  readonly approvals: readonly ApprovalFacts[];
  /** Orders to promote that have not come to an end, newest first. */
  readonly orders: readonly PromotionOrder[];
  /** Who belongs to which group of the project. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Who wrote what, by revision, where that is known. */
  readonly authors: Readonly<Record<string, Author>>;
  readonly neighbours: readonly NeighbourFacts[];
  /** What somebody outside was asked, and said. */
  readonly answers: readonly WebAnswer[];
  /** What was written down in Git, or is to be: one for each stage at most. */
  readonly records: readonly GitRecord[];
  /** What people hold back, also what came to its end since the last plan. */
  readonly holds: readonly HoldFacts[];
  /** What was last found out, and is shown. */
  readonly standings: readonly StageStanding[];
}

/** What of it gates ask about, before a stage as before a wave. */
export type GateFacts = Pick<PromotionFacts, 'approvals' | 'groups' | 'neighbours' | 'answers'>;

/** One time that a release entered an environment, and what became of it. */
export interface PastRollout {
  readonly environment: string;
  readonly release: string;
  readonly cause: RolloutCause;
  readonly state: RolloutState;
  readonly beganAt: Date;
  readonly finishedAt?: Date;
  /** Since when all of its targets are well without a break, or were until the next one came; absent while one is Degraded. */
  readonly wellSince?: Date;
  /** It goes on, and a target of it is Degraded, or it was halted: what comes next need not wait for it. */
  readonly failing: boolean;
  /** It is over, and nobody was well with it: all were passed by, or left. */
  readonly forNobody?: boolean;
}

/** That somebody agreed to exactly these inputs. */
export interface ApprovalFacts {
  readonly environment: string;
  /** Of the rollout that was looked at, where it is for a wave: it lets nothing into the stage. */
  readonly wave?: string;
  readonly digest: string;
  readonly who: string;
  readonly at: Date;
  readonly expiresAt: Date;
}

/** That somebody wants a release in a stage as soon as its gates let it in. */
export interface PromotionOrder {
  readonly uid: string;
  readonly environment: string;
  readonly release: string;
  readonly who: string;
  readonly at: Date;
  /** It does not wait for the rollout that is under way. */
  readonly instead: boolean;
}

/** Who wrote a commit, by Git's word. */
export interface Author {
  readonly name: string;
  readonly email?: string;
}

/** That somebody lets nothing past a stage, or nothing with the inputs of one release. */
export interface HoldFacts {
  readonly uid: string;
  readonly environment: string;
  /** Of the release that is held; of a stage that is held as a whole, none of the three. */
  readonly digest?: string;
  readonly release?: string;
  readonly revision?: string;
  readonly who: string;
  readonly reason: string;
  readonly at: Date;
  readonly expiresAt?: Date;
}

/** How another application is in one environment. */
export interface NeighbourFacts {
  readonly application: string;
  readonly environment: string;
  /** Its newest rollout there came to its end. */
  readonly arrived: boolean;
  readonly degraded: boolean;
  readonly since?: Date;
}
