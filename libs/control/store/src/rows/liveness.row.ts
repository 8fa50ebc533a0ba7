import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a cluster was last heard, and what it said it holds. Narrow, because every cluster's row is written often. */
@Entity('liveness')
export class LivenessRow {
  @PrimaryColumn('text') cluster!: string;
  @Column('text') connection!: 'Connected' | 'Lost';
  @Column('timestamptz') lastSeenAt!: Date;
  @Column('text') instance!: string;
  @Column('int') leaseTransitions!: number;
  @Column('int') protocol!: number;
  @Column('int') epoch!: number;
  @Column('int') generation!: number;
  @Column('text') setDigest!: string;
  /** What the newest stored report said the agent's statuses add up to. */
  @Column('text', { default: '' }) statusDigest!: string;
}

/** A replica of `status` that listens. */
@Entity('listener')
export class ListenerRow {
  @PrimaryColumn('text') listener!: string;
  @Column('timestamptz') at!: Date;
}
