import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { DriftedField, HealthStatus, Reason, ResourceStatus, SyncStatus } from '@flotilla/model';

/** What an agent last said of a target. */
@Entity('target_status')
export class TargetStatusRow {
  @PrimaryColumn('text') target!: string;
  @Index('target_status_cluster') @Column('text') cluster!: string;
  @Column('int') generation!: number;
  @Column('text', { nullable: true }) revision!: string | null;
  @Column('text', { nullable: true }) release!: string | null;
  @Column('text', { nullable: true }) sourceDigest!: string | null;
  @Column('text', { nullable: true }) renderDigest!: string | null;
  @Column('text') sync!: SyncStatus;
  @Column('text') health!: HealthStatus;
  @Column('jsonb', { nullable: true }) reason!: Reason | null;
  @Column('timestamptz') since!: Date;
  @Column('timestamptz', { nullable: true }) appliedAt!: Date | null;
  @Column('boolean') gone!: boolean;
  @Column('timestamptz') reportedAt!: Date;
  /** When it was last heard to be Degraded, or that it no longer is. */
  @Column('timestamptz', { nullable: true }) degradedAt!: Date | null;
}

/** The long part of a status: read only when somebody looks at one target. */
@Entity('target_detail')
export class TargetDetailRow {
  @PrimaryColumn('text') target!: string;
  @Column('jsonb') resources!: ResourceStatus[];
  @Column('jsonb') drift!: DriftedField[];
}

/** A release that an agent reported applied on a target, and what became of it. */
@Entity('deployment')
@Index('deployment_time', ['project', 'at'])
export class DeploymentRow {
  @PrimaryColumn('text') target!: string;
  @PrimaryColumn('timestamptz') at!: Date;
  @Column('text') project!: string;
  @Column('text') applicationName!: string;
  @Column('text') environment!: string;
  @Column('text') cluster!: string;
  @Column('text') release!: string;
  @Column('text') revision!: string;
  @Column('text') health!: HealthStatus;
  @Column('jsonb', { nullable: true }) reason!: Reason | null;
  @Column('timestamptz', { nullable: true }) healthyAt!: Date | null;
  @Column('text', { nullable: true }) sourceDigest!: string | null;
  /** The images that it names; nothing where the agent is older than the question. */
  @Column('text', { array: true, nullable: true }) images!: string[] | null;
  /** When the target was reported to have left the cluster. */
  @Column('timestamptz', { nullable: true }) leftAt!: Date | null;
}

/** Targets in numbers, counted again whenever something moved. */
@Entity('target_count')
export class TargetCountRow {
  @PrimaryColumn('text') project!: string;
  @PrimaryColumn('text') application!: string;
  @PrimaryColumn('text') environment!: string;
  @Column('int') total!: number;
  @Column('jsonb') sync!: Record<string, number>;
  @Column('jsonb') health!: Record<string, number>;
  @Column('text', { nullable: true }) revision!: string | null;
}
