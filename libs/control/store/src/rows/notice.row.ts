import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A line of the ledger that a receiver outside has not taken yet: written with the line, and gone once it was taken. */
@Entity('notice')
@Index('notice_turn', ['notifier', 'id'])
export class NoticeRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('text') notifier!: string;
  @Column('timestamptz') at!: Date;
  @Column('text') actor!: string;
  @Column('text') action!: string;
  @Column('text') subject!: string;
  @Column('text') message!: string;
  /** What it is sent with, once that was begun: the same however often. */
  @Column('text', { nullable: true }) delivery!: string | null;
}
