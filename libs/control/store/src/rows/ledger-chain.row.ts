import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where the chain of the ledger begins and ends now. There is one, and who holds its row seals or sweeps alone. */
@Entity('ledger_chain')
export class LedgerChainRow {
  @PrimaryColumn('text') name!: string;
  /** The last line that was swept: the chain is checked from here on. */
  @Column('bigint') anchorSeq!: string;
  @Column('text') anchorHash!: string;
  @Column('bigint') headSeq!: string;
  @Column('text') headHash!: string;
}
