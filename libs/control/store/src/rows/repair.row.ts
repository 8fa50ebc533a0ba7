import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Actor, Reason, RepairState } from '@flotilla/model';

/** What a rollback takes back to what was good, on one branch of one repository. Its uid says what is asked for. */
@Entity('repair')
@Index('repair_order', ['project', 'createdAt'])
export class RepairRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') rollback!: string;
  @Index('repair_repository') @Column('text') repository!: string;
  @Column('text') branch!: string;
  /** By name, as the message of the commit tells them. */
  @Column('text', { array: true }) applications!: string[];
  @Column('text', { array: true }) paths!: string[];
  @Column('text') goodRevision!: string;
  @Column('text') badRevision!: string;
  @Column('text') reason!: string;
  @Column('jsonb') actor!: Actor;
  @Column('text') state!: RepairState;
  @Column('integer') attempts!: number;
  /** The commit that takes it back, once there is one. */
  @Column('text', { nullable: true }) revert!: string | null;
  /** Of the pull request. */
  @Column('text', { nullable: true }) url!: string | null;
  /** Files that changed after the bad revision as well: a person decides. */
  @Column('text', { array: true }) conflicts!: string[];
  @Column('jsonb', { nullable: true }) error!: Reason | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
