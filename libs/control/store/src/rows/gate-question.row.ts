import type { QuestionState } from '@flotilla/control-delivery';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What somebody outside is asked about exactly these inputs, and what they said. */
abstract class QuestionRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') application!: string;
  @Column('text') applicationName!: string;
  @Column('text') environment!: string;
  /** The release that it was asked for; the answer counts for whatever has the same digest. */
  @Column('text') release!: string;
  @Column('text') revision!: string;
  @Column('text') digest!: string;
  @Column('text') url!: string;
  @Column('text') secret!: string;
  @Column('double precision') everyMs!: number;
  @Column('double precision') expiresMs!: number;
  @Column('text') state!: QuestionState;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('timestamptz') since!: Date;
  /** How often it was answered or given up: what tells one try from the next. */
  @Column('int', { default: 0 }) tries!: number;
  @Column('int', { default: 0 }) failures!: number;
  @Column('timestamptz', { nullable: true }) nextTry!: Date | null;
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
}

/** Whether they may enter a stage. */
@Entity('gate_question')
@Index('gate_question_place', ['application', 'environment', 'digest', 'url'], { unique: true })
export class GateQuestionRow extends QuestionRow {}

/** Whether a wave of their rollout may begin. */
@Entity('wave_question')
@Index('wave_question_place', ['rollout', 'wave', 'url'], { unique: true })
export class WaveQuestionRow extends QuestionRow {
  @Column('text') rollout!: string;
  @Column('text') wave!: string;
}
