import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AgentUpgradeState, Reason, UpgradeProgress, UpgradeStepState } from '@flotilla/model';

/** A new agent on its way into clusters. In each project one is open at a time. */
@Entity('agent_upgrade')
@Index('agent_upgrade_order', ['project', 'createdAt'])
@Index('agent_upgrade_open', ['project'], { unique: true, where: `state IN ('Running', 'Paused', 'Halted')` })
export class AgentUpgradeRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') image!: string;
  @Column('text') version!: string;
  @Column('text', { nullable: true }) selector!: string | null;
  @Column('int') atOnce!: number;
  @Column('int') failuresMax!: number;
  /** Failures that a person has seen, and went on all the same. */
  @Column('int') forgiven!: number;
  @Column('int') deadlineSeconds!: number;
  @Column('text') state!: AgentUpgradeState;
  @Column('jsonb', { nullable: true }) reason!: Reason | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) finishedAt!: Date | null;
}

/** One cluster in an agent upgrade. While its state is `Upgrading`, the new agent is wished for in its set. */
@Entity('upgrade_step')
@Index('upgrade_step_wish', ['cluster'], { where: `state = 'Upgrading'` })
export class UpgradeStepRow {
  @PrimaryColumn('text') upgrade!: string;
  @PrimaryColumn('text') cluster!: string;
  @Column('text') clusterName!: string;
  @Column('text') state!: UpgradeStepState;
  @Column('jsonb', { nullable: true }) reason!: Reason | null;
  @Column('timestamptz') since!: Date;
  /** What its agent said last of this upgrade, and in which version it spoke. */
  @Column('jsonb', { nullable: true }) said!: (UpgradeProgress & { version: string }) | null;
  /** The targets that were well when it began. */
  @Column('text', { array: true }) wasWell!: string[];
}
