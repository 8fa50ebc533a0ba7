import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { DesiredEntry, RemovalMode, TargetIntent, TargetPin } from '@flotilla/model';

/** One application in one environment on one cluster. */
@Entity('target')
@Index('target_place', ['application', 'environment', 'cluster'], { unique: true, where: '"gone_generation" IS NULL' })
@Index('target_gone', ['cluster'], { where: '"gone_generation" IS NOT NULL' })
@Index('target_cluster', ['cluster'])
// By an expression over entries, which TypeORM has no words for: see the migration.
@Index('target_frozen', { synchronize: false })
@Index('target_project', ['project', 'applicationName', 'environment'])
export class TargetRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') application!: string;
  @Column('text') applicationName!: string;
  @Column('text') environment!: string;
  @Column('text') cluster!: string;
  @Column('text') intent!: TargetIntent;
  @Column('text') release!: string;
  /** The set generation in which the entry last changed. */
  @Column('int') generation!: number;
  /** What its agent is sent, and the digest of it. */
  @Column('jsonb') entry!: DesiredEntry;
  @Column('text') entryDigest!: string;
  @Column('text') onRemove!: RemovalMode;
  /** The newest release that was Synced and Healthy here. */
  @Column('text', { nullable: true }) lastGood!: string | null;
  /** What holds it at another release than its environment runs. */
  @Column('jsonb', { nullable: true }) pin!: TargetPin | null;
  /** Set once the target left: the generation that tells the agent to forget it. The row goes when the agent did. */
  @Column('int', { nullable: true }) goneGeneration!: number | null;
  @Column('timestamptz') createdAt!: Date;
}

/** Everything one cluster shall run, in numbers; the row two planners meet on. */
@Entity('desired_set')
export class DesiredSetRow {
  @PrimaryColumn('text') cluster!: string;
  @Column('int') epoch!: number;
  @Column('int') generation!: number;
  /** Empty: a digest is made when the set is sent. The release before this one reads it. */
  @Column('text') digest!: string;
}

/** The epochs of this database, the newest of which counts: a person opens one after a restore, and says why. */
@Entity('epoch')
export class EpochRow {
  @PrimaryColumn('int') epoch!: number;
  @Column('timestamptz', { nullable: true }) openedAt!: Date | null;
  @Column('text', { nullable: true }) openedBy!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
}

/**
 * The digest of each set that its cluster may still hold, empty until it is first sent. A cluster that holds another one
 * under the same number is ahead.
 */
@Entity('issued_set')
export class IssuedSetRow {
  @PrimaryColumn('text') cluster!: string;
  @PrimaryColumn('int') epoch!: number;
  @PrimaryColumn('int') generation!: number;
  @Column('text') digest!: string;
}

/** That a person deleted an application by hand: its objects may go without being asked about again. */
@Entity('removal_order')
export class RemovalOrderRow {
  @PrimaryColumn('text') application!: string;
  @Column('text') actor!: string;
  @Column('timestamptz') at!: Date;
}

/** That this database was restored, in which epoch, and from when the backup was. */
@Entity('restore')
export class RestoreRow {
  @PrimaryColumn('timestamptz') at!: Date;
  @Column('timestamptz') takenAt!: Date;
  @Column('int') epoch!: number;
}
