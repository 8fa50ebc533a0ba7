import type { HealthStatus } from '@flotilla/model';
import type { DeliveryFacts } from '../facts.ts';

/** Everything that going back rests on, read in one transaction: the facts of each application, and what they became. */
export interface RollbackFacts {
  readonly applications: readonly ApplicationHistory[];
}

/** One application with its past. */
export interface ApplicationHistory {
  readonly delivery: DeliveryFacts;
  /** What became of each release on each target that it was applied on, the last time it was. */
  readonly runs: readonly RunFacts[];
  /** How its targets are now, by uid; those that nobody spoke of yet are absent. */
  readonly now: ReadonlyMap<string, TargetNow>;
}

/** A release on a target: since when it ran, until when, and how it was. */
export interface RunFacts {
  readonly target: string;
  readonly release: string;
  readonly at: Date;
  /** When the next one was applied in its place; absent while it runs. */
  readonly until?: Date | undefined;
  /** The last that was said of it. */
  readonly health: HealthStatus;
  readonly healthyAt?: Date | undefined;
}

/** How a target is. */
export interface TargetNow {
  readonly health: HealthStatus;
  /** A person stopped it in the cluster itself, and says why. */
  readonly suspended?: string | undefined;
  /** What going back does not bring back: definitions and claims of data that it owns. */
  readonly irreversible: readonly string[];
}

/** A rollout that is halted, in an environment that wants what failed to be taken back by itself. */
export interface FailedRollout {
  readonly uid: string;
  readonly environment: string;
  readonly release: string;
  /** When somebody was let in last; absent where nobody ever was. */
  readonly lastAdmittedAt?: Date | undefined;
  /** This release was taken back by itself here before. */
  readonly isAnswered: boolean;
  /** How often anything was, in this environment, within the last hour. */
  readonly answersOfHour: number;
}
