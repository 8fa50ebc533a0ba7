import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { FrozenRollout, FrozenWave } from '@flotilla/control-delivery';
import type { Reason, RolloutCause, RolloutState } from '@flotilla/model';

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
  /** The rollback that brings it. */
  @Index('rollout_rollback', { where: '"rollback" IS NOT NULL' })
  @Column('text', { nullable: true })
  rollback!: string | null;
  /** It goes back on some of what runs there only, so that it says nothing of the environment. */
  @Column('boolean', { default: false }) partial!: boolean;
  /** How many targets it was for and how many it reached, once it is over: targets go on to other releases. */
  @Column('integer', { nullable: true }) total!: number | null;
  @Column('integer', { nullable: true }) arrived!: number | null;
  /** How it goes over its clusters; nothing where everybody was admitted at once. Who is in which wave, its steps say. */
  @Column('jsonb', { nullable: true }) strategy!: StoredStrategy | null;
  /** The wave that is under way; as many as there are waves once all are over. */
  @Column('int', { default: 0 }) wave!: number;
  /** Why nobody else is admitted now, and since when. */
  @Column('jsonb', { nullable: true }) blocked!: Reason | null;
  @Column('timestamptz', { nullable: true }) blockedSince!: Date | null;
}

export interface StoredStrategy extends Omit<FrozenRollout, 'waves'> {
  readonly waves: readonly Omit<FrozenWave, 'clusters'>[];
}

/** One cluster of a rollout that goes in waves. */
@Entity('rollout_step')
export class RolloutStepRow {
  @PrimaryColumn('text') rollout!: string;
  @Index('rollout_step_cluster') @PrimaryColumn('text') cluster!: string;
  @Column('int') wave!: number;
  /** Its place in the wave: who is admitted first. */
  @Column('int') place!: number;
  @Column('timestamptz', { nullable: true }) admittedAt!: Date | null;
  /** A person passes it by. */
  @Column('boolean', { default: false }) skipped!: boolean;
  /** A person has seen that it failed, and went on all the same. */
  @Column('boolean', { default: false }) forgiven!: boolean;
  /** When its target was last seen to be held back. */
  @Column('timestamptz', { nullable: true }) heldAt!: Date | null;
  /** When it was seen to be well; empty again once it is seen not to be. */
  @Column('timestamptz', { nullable: true }) wellAt!: Date | null;
}
