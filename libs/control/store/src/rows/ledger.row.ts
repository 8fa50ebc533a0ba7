import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One line of the append-only ledger. */
@Entity('ledger')
@Index('ledger_order', ['project', 'id'])
@Index('ledger_open', ['id'], { where: 'seq IS NULL' })
export class LedgerRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Index('ledger_time') @Column('timestamptz') at!: Date;
  @Column('text') project!: string;
  @Column('text') actor!: string;
  @Column('text') action!: string;
  @Column('text') subject!: string;
  @Column('text') message!: string;
  @Column('text', { nullable: true }) traceparent!: string | null;
  /** Its place in the chain, once it is sealed: given by the one who seals, in the order in which lines are seen. */
  @Index('ledger_seq', { unique: true }) @Column('bigint', { nullable: true }) seq!: string | null;
  @Column('text', { nullable: true }) hash!: string | null;
}
