import type {
  Actor,
  BreakGlass,
  DesiredEntry,
  Fence,
  HeldFence,
  RolloutOrder,
  RolloutState,
  Suspension,
  WishedAgent,
} from '@flotilla/model';
import type { DeliveryFacts } from './facts.ts';
import type { DeliveryPlan } from './plan/delivery-plan.ts';

/** What a cluster is sent: the entries that changed since a generation it is known to hold, or all of them. */
export interface SetContent {
  readonly cluster: string;
  readonly fence: Fence;
  /** 0: `entries` is the whole set. */
  readonly previous: number;
  readonly entries: readonly DesiredEntry[];
  readonly gone: readonly string[];
  readonly setDigest: string;
  /** The agent that the cluster shall run from now on, while one is wished. */
  readonly agent?: WishedAgent;
}

/** Why a cluster is sent nothing: its own state, or that of the whole fleet after a restore. */
export type HoldReason = 'ahead' | 'others-ahead' | 'unheard';

/** A cluster that is sent nothing now, though it may miss something. */
export interface HeldBackSet {
  readonly cluster: string;
  readonly hold: HoldReason;
}

/** Which of a project's targets an order is for. */
export interface TargetSelection {
  readonly project: string;
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  readonly cluster?: string | undefined;
}

/** A target that an order is for, as its giver is told of it. */
export interface SelectedTarget {
  readonly uid: string;
  readonly name: string;
}

/** Whose order it is. One that comes again with its request, as retries and brokers make it, is carried out once. */
export interface OrderGiver extends Actor {
  readonly request?: string | undefined;
}

/** A person's order that what entered last passes the freezes of some targets, and until when. */
export type BreakingGlass = Pick<BreakGlass, 'reason' | 'since' | 'expires'>;

/** How far a rollout has come. */
export interface RolloutProgress {
  readonly application: string;
  readonly environment: string;
  readonly total: number;
  readonly arrived: number;
  /** When time alone changes something. */
  readonly lookAgainMs?: number;
}

/** Which rollout a person steers, and how. */
export interface RolloutSteering {
  readonly project: string;
  readonly application: string;
  readonly environment: string;
  readonly order: RolloutOrder;
  /** Which of several that are open, as beside a rollback; the newest where nothing is said. */
  readonly rollout?: string | undefined;
  /** By name; `skip` needs one, `retry` may have one. */
  readonly cluster?: string | undefined;
}

/** A rollout as its steersman is told of it. */
export interface OrderedRollout {
  readonly rollout: string;
  readonly state: RolloutState;
  /** The clusters that the order was about, by name. */
  readonly clusters: readonly string[];
}

/** The record of releases, rollouts, targets and sets. Each method is one transaction. */
export interface DeliveryRecord {
  /**
   * Reads the facts of one application under its lock, lets `plan` decide, and writes what it decided. Sets of the
   * touched clusters get their next generation and are marked to be sent.
   */
  plan(application: string, plan: (facts: DeliveryFacts) => DeliveryPlan): Promise<DeliveryPlan | undefined>;
  /**
   * What a cluster that holds `held` is missing; `undefined` when it misses nothing. While it is ahead of this record
   * there is nothing to send that might not contradict what it holds: a fault says so, and who can act.
   */
  setFor(cluster: string, held: HeldFence | 'last-heard'): Promise<SetContent | undefined>;
  /** The same for many at once; those that miss nothing are absent. */
  setsFor(held: ReadonlyMap<string, HeldFence | 'last-heard'>): Promise<readonly (SetContent | HeldBackSet)[]>;
  /** Of these clusters, those whose set is newer than what they hold, and may be sent. */
  behind(held: ReadonlyMap<string, HeldFence>): Promise<readonly string[]>;
  /** Stops every write to these targets, or, where there is no suspension, lets them go on; gives those that there are. */
  suspend(
    selection: TargetSelection,
    suspension: Suspension | undefined,
    by: OrderGiver,
  ): Promise<readonly SelectedTarget[]>;
  /** Lets what entered last pass the freezes of those targets that are frozen, and nothing else. */
  breakGlass(selection: TargetSelection, breaking: BreakingGlass, by: OrderGiver): Promise<readonly SelectedTarget[]>;
  /** Has agents sync these targets once; `request` tells one asking from the next. Gives those that there are. */
  requestSync(selection: TargetSelection, request: string, by: OrderGiver): Promise<readonly SelectedTarget[]>;
  /** The cluster that a target lives on; a fault when there is no such target. */
  clusterOf(project: string, target: string): Promise<string>;
  /** Looks at a rollout, admits whoever has its turn, and closes it when every target arrived. */
  settleRollout(rollout: string): Promise<RolloutProgress | undefined>;
  /**
   * Carries out what a person wants of the rollout that is open in an environment; a fault when there is none. The newest
   * release that entered is taken up again by `retry` when its rollout was aborted.
   */
  steerRollout(steering: RolloutSteering, by: OrderGiver): Promise<OrderedRollout>;
}
