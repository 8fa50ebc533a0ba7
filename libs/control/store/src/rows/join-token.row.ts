import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A join token by its hash, bound to one cluster. */
@Entity('join_token')
export class JoinTokenRow {
  @PrimaryColumn('text') hash!: string;
  @Index('join_token_cluster') @Column('text') cluster!: string;
  @Column('timestamptz') expiresAt!: Date;
  /** The key that used it up. */
  @Column('text', { nullable: true }) usedBy!: string | null;
}
