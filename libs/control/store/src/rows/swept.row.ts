import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Up to when a table was swept: of what was before, it does not hold everything any more. */
@Entity('swept')
export class SweptRow {
  @PrimaryColumn('text') name!: string;
  @Column('timestamptz') until!: Date;
}
