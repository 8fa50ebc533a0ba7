import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** That somebody lets nothing past a stage, or nothing with the inputs of one release. */
@Entity('stage_hold')
@Index('stage_hold_place', ['application', 'environment', 'digest'], { unique: true })
export class StageHoldRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') application!: string;
  @Column('text') applicationName!: string;
  @Column('text') environment!: string;
  /** Empty of a stage that is held as a whole: each is held once at a time. */
  @Column('text') digest!: string;
  @Column('text', { nullable: true }) release!: string | null;
  @Column('text', { nullable: true }) revision!: string | null;
  @Column('text') who!: string;
  @Column('text') reason!: string;
  @Column('timestamptz') at!: Date;
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
}
