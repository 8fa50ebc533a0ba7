import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a cluster was last heard, and what it said it holds. Narrow, because every cluster's row is written often. */
@Entity('liveness')
export class LivenessRow {
  @PrimaryColumn('text') cluster!: string;
  @Column('text') connection!: 'Connected' | 'Lost';
  @Column('timestamptz') lastSeenAt!: Date;
  /** Since when it is heard without a break. */
  @Column('timestamptz', { nullable: true }) connectedSince!: Date | null;
  /** Who speaks for the cluster, and since when. */
  @Column('text') instance!: string;
  @Column('timestamptz', { default: () => 'now()' }) speakingSince!: Date;
  @Column('int') leaseTransitions!: number;
  @Column('int') protocol!: number;
  @Column('int') epoch!: number;
  @Column('int') generation!: number;
  @Column('text') setDigest!: string;
}

/** The newest report of a cluster that is stored. */
@Entity('last_report')
export class LastReportRow {
  @PrimaryColumn('text') cluster!: string;
  @Column('int') leaseTransitions!: number;
  @Column('bigint') report!: string;
  /** What the agent's statuses add up to; its hellos are compared with this. */
  @Column('text') statusDigest!: string;
  /** The set that it held then. */
  @Column('int') epoch!: number;
  @Column('int') generation!: number;
}

/** A replica of `status` that listens. */
@Entity('listener')
export class ListenerRow {
  @PrimaryColumn('text') listener!: string;
  @Column('timestamptz') at!: Date;
}
