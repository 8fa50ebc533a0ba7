import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An order that was carried out, written with its effect or not at all, and what was answered. */
@Entity('given_order')
export class GivenOrderRow {
  @PrimaryColumn('text') request!: string;
  @Column('jsonb') answer!: unknown;
  @Index('given_order_time') @Column('timestamptz') at!: Date;
}
