import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RolloutCause, RolloutState } from '@flotilla/model';

/** One release entering one environment. */
@Entity('rollout')
@Index('rollout_place', ['application', 'environment', 'createdAt'])
export class RolloutRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') application!: string;
  @Column('text') applicationName!: string;
  @Column('text') environment!: string;
  @Index('rollout_release') @Column('text') release!: string;
  @Column('text') revision!: string;
  @Column('text') cause!: RolloutCause;
  @Column('text') state!: RolloutState;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) finishedAt!: Date | null;
  /** Since when all of its targets were well, when the next one came; null if one was not. */
  @Column('timestamptz', { nullable: true }) wellSince!: Date | null;
  /** How many targets it was for and how many it reached, once it is over: targets go on to other releases. */
  @Column('integer', { nullable: true }) total!: number | null;
  @Column('integer', { nullable: true }) arrived!: number | null;
}
