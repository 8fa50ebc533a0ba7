import type { RollbackSelection } from '@flotilla/model';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An accepted order to go back. Its rollouts name it; how far it has come is theirs to say. */
@Entity('rollback')
@Index('rollback_order', ['project', 'createdAt'])
export class RollbackRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') actor!: string;
  @Column('text') reason!: string;
  /** What it goes back to, as the person said it. */
  @Column('text') goal!: string;
  @Column('jsonb') selection!: RollbackSelection;
  @Column('timestamptz') createdAt!: Date;
  /** The rollout whose failure it answers by itself. */
  @Index('rollback_answers', { where: '"answers" IS NOT NULL' })
  @Column('text', { nullable: true })
  answers!: string | null;
}

/** A source digest of an application that enters nowhere any more. */
@Entity('quarantine')
@Index('quarantine_project', ['project', 'at'])
export class QuarantineRow {
  @PrimaryColumn('text') application!: string;
  @PrimaryColumn('text') digest!: string;
  @Column('text') project!: string;
  @Column('text') applicationName!: string;
  @Column('text') actor!: string;
  @Column('text') reason!: string;
  @Column('timestamptz') at!: Date;
}
