import type {
  ClusterFacts,
  Connection,
  DesiredEntry,
  DriftedField,
  Fence,
  HealthStatus,
  Labels,
  Page,
  PageRequest,
  Reason,
  ResourceStatus,
  SyncStatus,
} from '@flotilla/model';
import type { IntruderCode } from './liveness.port.ts';

/** Targets in numbers, by Argo CD's words. */
export interface Counts {
  readonly total: number;
  readonly sync: Readonly<Record<string, number>>;
  readonly health: Readonly<Record<string, number>>;
}

/** A cluster with what is known of it. */
export interface ClusterReading {
  readonly uid: string;
  readonly project: string;
  readonly name: string;
  readonly labels: Labels;
  readonly createdAt: Date;
  readonly connection: Connection;
  readonly lastSeenAt?: Date;
  readonly facts?: ClusterFacts;
  readonly fence: Fence;
  readonly agentFence?: Fence;
  readonly revokedAt?: Date;
  /** Somebody else speaks under its identity and is not believed. */
  readonly alarm?: {
    readonly code: IntruderCode;
    readonly message: string;
    readonly since: Date;
    readonly lastSeenAt: Date;
    readonly instance: string;
  };
  readonly counts: Counts;
}

/** A target: its entry, what was last reported of it, and whether its cluster is heard. */
export interface TargetReading {
  readonly uid: string;
  readonly cluster: string;
  readonly createdAt: Date;
  readonly entry: DesiredEntry;
  readonly connection: Connection;
  readonly lastSeenAt?: Date;
  /** Absent until the agent spoke of it. */
  readonly status?: ReportedStatus;
}

/** What an agent last said of a target, and when it was stored. */
export interface ReportedStatus {
  readonly generation: number;
  readonly revision?: string;
  readonly release?: string;
  readonly sync: SyncStatus;
  readonly health: HealthStatus;
  readonly reason?: Reason;
  readonly since: Date;
  readonly appliedAt?: Date;
  readonly reportedAt: Date;
}

/** What only the story of a target tells: its objects, and who changed them. */
export interface TargetDetail {
  readonly resources: readonly ResourceStatus[];
  readonly drift: readonly DriftedField[];
}

/** Something that waits, or failed and waits to be tried again. */
export interface WaitingWork {
  readonly kind: string;
  readonly since: Date;
  readonly nextTry?: Date;
  readonly error?: { readonly reason: string; readonly message: string; readonly until?: string };
}

/** Which targets are meant; what is absent does not matter. */
export interface TargetQuery {
  readonly project: string;
  readonly application?: string | undefined;
  readonly environment?: string | undefined;
  readonly cluster?: string | undefined;
  readonly sync?: SyncStatus | undefined;
  readonly health?: HealthStatus | undefined;
  readonly uids?: readonly string[] | undefined;
  readonly page: PageRequest;
}

/** What screens read of clusters and targets. */
export interface FleetReader {
  clusters(query: {
    project: string;
    page: PageRequest;
    name?: string;
    uids?: readonly string[];
    matches?: (labels: Labels) => boolean;
  }): Promise<Page<ClusterReading>>;
  targets(query: TargetQuery): Promise<Page<TargetReading>>;
  target(project: string, uid: string): Promise<(TargetReading & TargetDetail) | undefined>;
  /** The work that stands between Git and this target: its repository, its application, its cluster's set. */
  waitingFor(target: string): Promise<readonly WaitingWork[]>;
  counts(
    project: string,
  ): Promise<readonly (Counts & { application: string; environment: string; revision?: string })[]>;
}
