import {
  intruderText,
  type ClusterReading,
  type Counts,
  type IntruderCode,
  type TargetReading,
} from '@flotilla/control-fleet';
import type { ClusterFacts, Connection, DesiredEntry, HealthStatus, Labels, Reason, SyncStatus } from '@flotilla/model';

export interface ClusterReadingRow {
  readonly uid: string;
  readonly project: string;
  readonly name: string;
  readonly labels: Labels;
  readonly facts: ClusterFacts | null;
  readonly created_at: Date;
  readonly connection: Connection;
  readonly last_seen_at: Date | null;
  readonly epoch: number;
  readonly generation: number;
  readonly agent_epoch: number | null;
  readonly agent_generation: number | null;
  readonly revoked_at: Date | null;
  readonly intruder: string | null;
  readonly intruder_code: IntruderCode | null;
  readonly intruder_since: Date | null;
  readonly intruder_seen_at: Date | null;
  readonly states: readonly [SyncStatus, HealthStatus][];
}

export interface TargetReadingRow {
  readonly uid: string;
  readonly application_name: string;
  readonly environment: string;
  readonly entry: DesiredEntry;
  readonly created_at: Date;
  readonly cluster_name: string;
  readonly connection: Connection;
  readonly last_seen_at: Date | null;
  readonly generation: number | null;
  readonly revision: string | null;
  readonly release: string | null;
  readonly sync: SyncStatus | null;
  readonly health: HealthStatus | null;
  readonly reason: Reason | null;
  readonly since: Date | null;
  readonly applied_at: Date | null;
  readonly reported_at: Date | null;
}

export function clusterReading(row: ClusterReadingRow): ClusterReading {
  const { uid, project, name, labels, connection, epoch, generation, facts } = row;
  return {
    uid,
    project,
    name,
    labels,
    createdAt: row.created_at,
    connection,
    ...(row.last_seen_at && { lastSeenAt: row.last_seen_at }),
    ...(facts && { facts }),
    fence: { epoch, generation },
    ...(row.agent_epoch !== null && { agentFence: { epoch: row.agent_epoch, generation: row.agent_generation ?? 0 } }),
    ...(row.revoked_at && { revokedAt: row.revoked_at }),
    ...(row.intruder && { alarm: alarmOf(row) }),
    counts: countStates(row.states),
  };
}

function alarmOf(row: ClusterReadingRow): NonNullable<ClusterReading['alarm']> {
  const code = row.intruder_code!;
  return {
    code,
    message: intruderText(code, row.name),
    since: row.intruder_since!,
    lastSeenAt: row.intruder_seen_at!,
    instance: row.intruder!,
  };
}

export function targetReading(row: TargetReadingRow): TargetReading {
  const { uid, entry, connection } = row;
  return {
    uid,
    entry,
    cluster: row.cluster_name,
    createdAt: row.created_at,
    connection,
    ...(row.last_seen_at && { lastSeenAt: row.last_seen_at }),
    ...(row.generation !== null && { status: reportedStatus(row) }),
  };
}

function reportedStatus(row: TargetReadingRow): NonNullable<TargetReading['status']> {
  return {
    generation: row.generation!,
    sync: row.sync!,
    health: row.health!,
    since: row.since!,
    reportedAt: row.reported_at!,
    ...(row.revision && { revision: row.revision }),
    ...(row.release && { release: row.release }),
    ...(row.reason && { reason: row.reason }),
    ...(row.applied_at && { appliedAt: row.applied_at }),
  };
}

function countStates(states: ClusterReadingRow['states']): Counts {
  const sync: Record<string, number> = {};
  const health: Record<string, number> = {};
  for (const [syncStatus, healthStatus] of states) {
    sync[syncStatus] = (sync[syncStatus] ?? 0) + 1;
    health[healthStatus] = (health[healthStatus] ?? 0) + 1;
  }
  return { total: states.length, sync, health };
}
