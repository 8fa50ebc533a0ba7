import type { Gate, OfflinePolicy, Reason, RolloutState, WebGate } from '@flotilla/model';
import type { GateWait } from '../promotion/stage-standing.ts';

/** A wave with its clusters, chosen when the rollout began: who joins later is not drawn in. */
export interface FrozenWave {
  readonly name: string;
  /** In the order in which they are admitted. */
  readonly clusters: readonly string[];
  /** How long each of them has to stay well before it counts. */
  readonly minSuccessMs: number;
  /** How many may fail; any number where nothing is said. */
  readonly failuresMax?: number;
  /** How many may be under way at once; any number where nothing is said. */
  readonly atOnce?: number;
  /** What has to let the release in before the first of them is admitted. */
  readonly gates?: readonly Gate[];
  /** The wave is over without anybody's success. */
  readonly mayBeBarren?: boolean;
  /** What a wave that was to be representative does not cover, such as `kubernetes 1.31`. */
  readonly uncovered?: readonly string[];
}

/** How a rollout goes: everything that was a percentage is a number now. */
export interface FrozenRollout {
  readonly waves: readonly FrozenWave[];
  /** `passBy`: as `skipAndCatchUp`, and a wave of which nobody is heard is over as well. */
  readonly offline: OfflinePolicy | 'passBy';
  readonly atOnce?: number;
  readonly failuresMax?: number;
  /** How long one cluster may take; for ever where nothing is said. */
  readonly deadlineMs?: number;
  /** What fails is taken back by itself, and not only kept from going further. */
  readonly onFailure?: 'rollback';
}

/** What the gates of one wave say of the release that would begin it. */
export interface WaveVerdict {
  readonly waits: readonly GateWait[];
  /** The gates that let it in, by their names. */
  readonly passed: readonly string[];
  /** When the answer may be another one without anybody's saying so. */
  readonly lookAt?: number;
  /** Whom to ask outside: nothing else holds it back. */
  readonly asks?: readonly WebGate[];
}

/** A rollout as it stands: how it goes, and what became of it so far. */
export interface RolloutCourse extends FrozenRollout {
  readonly state: RolloutState;
  /** The waves of which somebody was ever let in, also where they left since: what has begun goes on. */
  readonly begun?: ReadonlySet<string>;
  /** What the gates of waves say now, by the name of the wave. One that has gates and is not there lets nobody in. */
  readonly verdicts?: ReadonlyMap<string, WaveVerdict>;
}

/**
 * What is known of one cluster of a rollout. A cluster that nothing is known of has left the environment, and counts for
 * nothing. Times are in milliseconds.
 */
export interface ClusterEvidence {
  readonly cluster: string;
  readonly admittedAt?: number;
  /** It was admitted, and something above the rollout, such as a freeze, withholds the release from it. */
  readonly withheld?: boolean;
  /** It was well when it was last looked at: what unsettles it now has a deadline of its own. */
  readonly wasWell?: boolean;
  /** It was well with the release, and has yet to say so of settings that came since; it is given a deadline for that. */
  readonly unreported?: boolean;
  /** Its deadline began anew since its turn came. */
  readonly renewed?: boolean;
  /** Since when it is well, said of the generation that brought the release, after its apply had ended. */
  readonly healthySince?: number;
  /** Why it is not well, said of that generation. */
  readonly failed?: ClusterFailure;
  /** When it was last heard, while it is not heard; since when its target is held, while a person or a window holds it. */
  readonly awaySince?: number;
  /** Since when it is neither: what it could not do while it was away counts against nobody. */
  readonly backSince?: number;
  /** A freeze keeps it from going back: others do not wait for it meanwhile, and when that ends it has its turn. */
  readonly frozen?: boolean;
  /** A person passes it by in this rollout. */
  readonly skipped?: boolean;
  /** A person has seen that it failed, and went on all the same. */
  readonly forgiven?: boolean;
}

/** Why a cluster is not well, and whether it may yet become so. */
export interface ClusterFailure extends Reason {
  /** Since when it is said; where nothing is said of that it counts at once. */
  readonly since?: number;
  /** Nothing more comes of it by itself, so its deadline is not waited for. */
  readonly isFinal?: boolean;
}

/** What is to be done about a rollout now. */
export interface RolloutAdvance {
  /** Clusters that take the release from now on. */
  readonly admit: readonly string[];
  readonly state: RolloutState;
  /** The wave that is under way; as many as there are waves once all are over. */
  readonly wave: number;
  /** Why no more is admitted, while there is more. */
  readonly blocked?: Reason;
  /** Whom to ask outside before the wave that is to begin. */
  readonly asks?: readonly WebGate[];
  /** When time alone changes something, as far as is known now. Whoever admits somebody looks again afterwards. */
  readonly nextLook?: number;
}
