import type { OrderOutcome, StageStanding } from '@flotilla/control-delivery';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** That somebody agreed to exactly these inputs of an environment. */
@Entity('approval')
@Index('approval_place', ['application', 'environment'])
export class ApprovalRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') application!: string;
  @Column('text') applicationName!: string;
  @Column('text') environment!: string;
  /** The release that was looked at; it counts for whatever has the same digest. */
  @Column('text') release!: string;
  @Column('text') digest!: string;
  /** The rollout and its wave, where it is for that and not for the stage. */
  @Column('text', { nullable: true }) rollout!: string | null;
  @Column('text', { nullable: true }) wave!: string | null;
  @Column('text') who!: string;
  @Column('timestamptz') at!: Date;
  @Column('timestamptz') expiresAt!: Date;
}

/** An order to promote: it stands until its release entered, or never can. One stands for a stage at a time. */
@Entity('promotion')
@Index('promotion_place', ['application', 'environment', 'at'])
@Index('promotion_open', ['application', 'environment'], { unique: true, where: '"ended_at" IS NULL' })
export class PromotionRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') application!: string;
  @Column('text') applicationName!: string;
  @Column('text') environment!: string;
  @Column('text') release!: string;
  @Column('text') who!: string;
  @Column('text') reason!: string;
  @Column('boolean') instead!: boolean;
  @Column('timestamptz') at!: Date;
  @Column('timestamptz', { nullable: true }) endedAt!: Date | null;
  @Column('text', { nullable: true }) outcome!: OrderOutcome | null;
}

/** How things stand before a stage that comes after others, as it was found out last. */
@Entity('stage')
@Index('stage_order', ['project', 'applicationName', 'environment'])
export class StageRow {
  @PrimaryColumn('text') application!: string;
  @PrimaryColumn('text') environment!: string;
  @Column('text') project!: string;
  @Column('text') applicationName!: string;
  @Column('jsonb') standing!: StageStanding;
  @Column('timestamptz') changedAt!: Date;
}
