import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The first answer to a request that may be repeated; without one it is under way. */
@Entity('idempotency_key')
export class IdempotencyKeyRow {
  @PrimaryColumn('text') principal!: string;
  @PrimaryColumn('text') key!: string;
  @Column('text') requestDigest!: string;
  @Column('int', { nullable: true }) status!: number | null;
  @Column('jsonb', { nullable: true }) body!: unknown;
  @Index('idempotency_key_created') @Column('timestamptz') createdAt!: Date;
}
