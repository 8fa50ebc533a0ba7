import type {
  AgentUpgradeState,
  Connection,
  Reason,
  UpgradeProgress,
  UpgradeRequest,
  UpgradeStepState,
} from '@flotilla/model';

/** Everything that the next step of an agent upgrade rests on, read in one transaction. */
export interface UpgradeFacts extends Pick<UpgradeRequest, 'version' | 'atOnce' | 'failuresMax' | 'deadlineSeconds'> {
  readonly state: AgentUpgradeState;
  /** Failures that a person has seen, and went on all the same. */
  readonly forgiven: number;
  readonly clusters: readonly UpgradeClusterFacts[];
  readonly now: number;
}

/** One cluster of an agent upgrade. */
export interface UpgradeClusterFacts {
  readonly cluster: string;
  readonly name: string;
  readonly state: UpgradeStepState;
  /** When it came to be in this state. */
  readonly since: number;
  readonly connection: Connection;
  /** What its agent can do; absent while it was never heard. */
  readonly features?: readonly string[] | undefined;
  /** What its agent said last of this upgrade, and the version of the agent that said it. */
  readonly said?: (UpgradeProgress & { readonly version: string }) | undefined;
  /** Targets that were well before and are not now, by their names. */
  readonly unwell: readonly string[];
}

/** What becomes of one cluster. */
export interface UpgradeStepChange {
  readonly cluster: string;
  readonly name: string;
  readonly state: UpgradeStepState;
  readonly reason?: Reason | undefined;
}

/** What is to be written. */
export interface UpgradePlan {
  readonly changes: readonly UpgradeStepChange[];
  readonly state: AgentUpgradeState;
  /** Why it halted. */
  readonly reason?: Reason | undefined;
}
