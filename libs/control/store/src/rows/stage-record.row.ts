import type { RecordState } from '@flotilla/control-delivery';
import type { RecordCause } from '@flotilla/model';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What Git is to say that a stage runs: what was asked for last, and how far that is. */
@Entity('stage_record')
@Index('stage_record_place', ['application', 'environment'], { unique: true })
export class StageRecordRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') application!: string;
  @Column('text') applicationName!: string;
  @Column('text') environment!: string;
  @Column('text') release!: string;
  @Column('text') revision!: string;
  @Column('text') digest!: string;
  @Column('text') repository!: string;
  @Column('text') branch!: string;
  @Column('text') path!: string;
  @Column('text', { default: 'promotion' }) cause!: RecordCause;
  /** Who promoted it, or ordered to go back to it; null where it goes by itself. */
  @Column('text', { nullable: true }) promotedBy!: string | null;
  @Column('text') state!: RecordState;
  @Column('text', { nullable: true }) reason!: string | null;
  /** The head of the branch in which it was read back. */
  @Column('text', { nullable: true }) commit!: string | null;
  /** When it came into its state. */
  @Column('timestamptz') since!: Date;
  @Column('timestamptz') askedAt!: Date;
  /** How often it was tried: what tells one try from the next. */
  @Column('int', { default: 0 }) tries!: number;
  @Column('int', { default: 0 }) failures!: number;
  @Column('timestamptz', { nullable: true }) nextTry!: Date | null;
}
