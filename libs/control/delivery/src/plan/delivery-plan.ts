import type { DesiredEntry, RemovalMode, RolloutCause } from '@flotilla/model';
import type { PlannedPromotions } from '../promotion/plan-promotions.ts';
import type { PlannedRecord } from '../promotion/stage-records.ts';
import type { PlannedQuestion } from '../promotion/web-answers.ts';
import type { FrozenRollout } from '../rollout/rollout-course.ts';
import type { DeliveryProblem, PlannedRelease } from './plan-releases.ts';

/** What is to be written so that the world becomes what the facts say it should be. */
export interface DeliveryPlan {
  readonly releases: readonly PlannedRelease[];
  readonly rollouts: readonly PlannedRollout[];
  /** Running rollouts whose environment left the pipeline: nothing can arrive there any more. */
  readonly withdrawn: readonly string[];
  /** Targets whose entry is new or different. */
  readonly changes: readonly TargetChange[];
  /** Targets that have left their cluster and can be forgotten. */
  readonly removals: readonly TargetRemoval[];
  /** Pins that stand for nothing any more, because Git says what they say. */
  readonly agreed: readonly AgreedPin[];
  /** What a person has to mend; everything else goes on. */
  readonly problems: readonly DeliveryProblem[];
  /** How things stand before the stages that come after others, the orders that came to their end, and whom to ask. */
  readonly promotion?: Pick<PlannedPromotions, 'standings' | 'ended' | 'withdrawnRecords' | 'idle' | 'lapsed'> & {
    readonly questions: readonly NamedQuestion[];
    readonly records: readonly NamedRecord[];
  };
  /** In how many milliseconds to plan again although nobody says anything. */
  readonly nextLookMs?: number;
}

/** A question under the name by which it is asked. */
export type NamedQuestion = PlannedQuestion & { readonly uid: string };

/** What is to be written down, under the name by which that is done. */
export type NamedRecord = PlannedRecord & { readonly uid: string };

/** A target that Git takes over again: what its environment is to run has the source digest that it was held at. */
export interface AgreedPin {
  readonly target: string;
  readonly environment: string;
  readonly cluster: string;
  readonly rollback: string;
}

/** A target that is off the record from now on. */
export interface TargetRemoval {
  readonly uid: string;
  readonly cluster: string;
  /** Its cluster was forgotten, so nobody has to hear of it. What runs there runs on. */
  readonly forgotten?: boolean;
}

/** A rollout that a plan begins. */
export interface PlannedRollout {
  readonly uid: string;
  readonly environment: string;
  readonly release: string;
  readonly revision: string;
  readonly cause: RolloutCause;
  /** The order to go back that it carries out. */
  readonly rollback?: string;
  /** The rollout that this one takes over from before it finished. */
  readonly supersedes?: string;
  /** How it goes where it goes in waves; otherwise everybody is admitted at once. */
  readonly course?: FrozenRollout;
  /** Clusters that take its release with the order itself. */
  readonly admitted?: readonly string[];
  /** It goes back on some of what runs there only, so that it says nothing of the environment. */
  readonly partial?: boolean;
}

/** What a plan makes of one target. */
export interface TargetChange {
  readonly uid: string;
  readonly cluster: string;
  readonly environment: string;
  readonly isNew: boolean;
  readonly onRemove: RemovalMode;
  /** Its generation is filled in when the cluster's set is locked. */
  readonly entry: Omit<DesiredEntry, 'generation'>;
}
