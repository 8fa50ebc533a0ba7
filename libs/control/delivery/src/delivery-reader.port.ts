import type {
  DeploymentEnd,
  ClusterPhase,
  HealthStatus,
  ImageQuery,
  Page,
  PageRequest,
  Reason,
  RolloutCause,
  RolloutState,
} from '@flotilla/model';
import type { GateWait, StageStanding } from './promotion/stage-standing.ts';
import type { HeldTurn } from './rollout/explain-turn.ts';

/** A release, with how many targets run it. */
export interface ReleaseRecord {
  readonly uid: string;
  readonly project: string;
  readonly application: string;
  readonly revision: string;
  readonly digests: Readonly<Record<string, string>>;
  readonly targets: number;
  /** Where it stands, by environment: the state of its newest rollout there, or how it waits before a stage. */
  readonly stands: Readonly<Record<string, string>>;
  readonly createdAt: Date;
}

/** A stage that comes after others, as screens read it: what runs there and what waits before it. */
export interface StageReading {
  readonly project: string;
  readonly application: string;
  readonly environment: string;
  readonly standing: StageStanding;
  /** The commit of what runs there. */
  readonly revision?: string;
  /** What rollbacks hold there, whatever entered. */
  readonly pinned?: readonly StagePinReading[];
  readonly changedAt: Date;
}

/** How many targets of a stage a rollback holds, and at which commit. */
export interface StagePinReading {
  readonly rollback: string;
  readonly revision: string;
  readonly targets: number;
}

/** A rollout, with how far it has come. */
export interface RolloutRecord {
  readonly uid: string;
  readonly project: string;
  readonly application: string;
  readonly environment: string;
  readonly release: string;
  readonly revision: string;
  readonly cause: RolloutCause;
  /** The order to go back that it carries out. */
  readonly rollback?: string;
  readonly state: RolloutState;
  readonly total: number;
  readonly arrived: number;
  readonly failing: number;
  /** The wave that is under way, where it goes in waves. */
  readonly wave?: string;
  /** Why nobody else is admitted, and since when. */
  readonly blocked?: Reason;
  readonly blockedSince?: Date;
  readonly createdAt: Date;
  readonly finishedAt?: Date;
}

/** One wave of a rollout, and where each of its clusters is. */
export interface RolloutWaveRecord {
  readonly name: string;
  readonly uncovered?: readonly string[];
  /** What still has to let it begin. */
  readonly waits?: readonly GateWait[];
  readonly members: readonly {
    readonly cluster: string;
    readonly phase: ClusterPhase;
    readonly reason?: Reason;
    readonly until?: Date;
  }[];
}

/** A release that an agent reported applied on a target, and what became of it. */
export interface DeploymentRecord {
  readonly target: string;
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
  readonly at: Date;
  readonly release: string;
  readonly revision: string;
  readonly health: HealthStatus;
  readonly reason?: Reason;
  readonly healthyAt?: Date;
  readonly sourceDigest?: string;
  /** The images that it names; absent where the agent did not tell. */
  readonly images?: readonly string[];
  /** Until when it ran there, and why no longer. */
  readonly until?: Date;
  readonly ended?: DeploymentEnd;
}

/** Which deployments are asked for. */
export interface DeploymentQuery extends Query {
  readonly cluster?: string | undefined;
  readonly target?: string | undefined;
  /** Those that ran at this moment. */
  readonly at?: Date | undefined;
  readonly image?: ImageQuery | undefined;
  /** The whole of it, or how it begins. */
  readonly sourceDigest?: string | undefined;
  readonly revision?: string | undefined;
}

/** Deployments, with how far back the record goes. */
export interface DeploymentPage extends Page<DeploymentRecord> {
  /** Of what was before, not everything is kept any more. */
  readonly knownSince?: Date;
}

interface Query {
  readonly project: string;
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  readonly page: PageRequest;
}

/** Which rollouts are asked for. */
export interface RolloutQuery extends Query {
  readonly uids?: readonly string[] | undefined;
  /** Only those that have something left to do or to decide. */
  readonly open?: boolean | undefined;
}

/** What screens read of releases, rollouts and deployments. */
export interface DeliveryReader {
  releases(query: Query): Promise<Page<ReleaseRecord>>;
  stages(query: Query): Promise<Page<StageReading>>;
  rollouts(query: RolloutQuery): Promise<Page<RolloutRecord>>;
  /** Who is where in a rollout; nothing where everybody was admitted at once. */
  waves(rollout: string): Promise<readonly RolloutWaveRecord[]>;
  /** The rollout in waves whose release a target does not take yet. */
  heldTurn(target: string): Promise<HeldTurn | undefined>;
  deployments(query: DeploymentQuery): Promise<DeploymentPage>;
  /** How many of these say nothing of their images, so that nobody takes silence for an answer. */
  withoutImages(query: DeploymentQuery): Promise<number>;
}
