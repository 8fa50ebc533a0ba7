import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One line of the append-only ledger. */
@Entity('ledger')
@Index('ledger_order', ['project', 'id'])
export class LedgerRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Index('ledger_time') @Column('timestamptz') at!: Date;
  @Column('text') project!: string;
  @Column('text') actor!: string;
  @Column('text') action!: string;
  @Column('text') subject!: string;
  @Column('text') message!: string;
  @Column('text', { nullable: true }) traceparent!: string | null;
}
