import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who speaks under a cluster's identity and is not believed, because another one speaks for it. */
@Entity('intruder')
export class IntruderRow {
  @PrimaryColumn('text') cluster!: string;
  @Column('text') code!: string;
  @Column('text') instance!: string;
  @Column('timestamptz') since!: Date;
  @Column('timestamptz') lastSeenAt!: Date;
}
