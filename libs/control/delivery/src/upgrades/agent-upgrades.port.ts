import type {
  AgentUpgradeState,
  Page,
  PageRequest,
  Reason,
  UpgradeOrder,
  UpgradeProgress,
  UpgradeRequest,
  UpgradeStepState,
} from '@flotilla/model';
import type { OrderGiver } from '../delivery-record.port.ts';
import type { UpgradeFacts, UpgradePlan } from './upgrade-facts.ts';

/** What an agent said of an upgrade in a hello; the cluster is the one that the server-checked subject named. */
export interface UpgradeHeard {
  readonly cluster: string;
  readonly version: string;
  readonly progress: UpgradeProgress;
}

/** The record of agent upgrades. Each method is one transaction. */
export interface AgentUpgrades {
  /** Opens an upgrade of the clusters that match now, and gives its uid. A fault while another one is open. */
  open(project: string, request: UpgradeRequest, by: OrderGiver): Promise<string>;
  /** Carries out what a person wants of an upgrade. A fault when it is over, or there is none. */
  steer(project: string, order: UpgradeOrder, by: OrderGiver): Promise<string>;
  /** Keeps what agents say, and has those upgrades looked at of which something new was said. */
  heard(heard: readonly UpgradeHeard[]): Promise<void>;
  /** Reads an upgrade under its lock, lets `plan` decide, and writes what it decided; `undefined` when it is over. */
  look(upgrade: string, plan: (facts: UpgradeFacts) => UpgradePlan): Promise<UpgradePlan | undefined>;
}

/** An agent upgrade as screens show it. */
export interface AgentUpgradeRecord extends UpgradeRequest {
  readonly uid: string;
  readonly project: string;
  readonly state: AgentUpgradeState;
  readonly reason?: Reason;
  readonly createdAt: Date;
  readonly finishedAt?: Date;
  readonly steps: readonly {
    readonly cluster: string;
    readonly state: UpgradeStepState;
    readonly since: Date;
    readonly reason?: Reason;
  }[];
}

/** What screens read of agent upgrades; newest first. */
export interface AgentUpgradeReader {
  upgrades(query: { readonly project: string; readonly page: PageRequest }): Promise<Page<AgentUpgradeRecord>>;
}
