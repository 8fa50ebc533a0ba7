import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A key that an agent of a cluster was given an identity for. The keys of one cluster form a chain. */
@Entity('cluster_key')
@Index('cluster_key_unheard', ['supersededBy'], { where: 'superseded_at IS NULL' })
export class ClusterKeyRow {
  @PrimaryColumn('text') userKey!: string;
  @Index('cluster_key_cluster') @Column('text') cluster!: string;
  @Column('timestamptz') enrolledAt!: Date;
  /** When the last identity that was given for it runs out. */
  @Column('timestamptz') expiresAt!: Date;
  /** The one key that was named to follow it, and when that one was first heard. */
  @Column('text', { nullable: true }) supersededBy!: string | null;
  @Column('timestamptz', { nullable: true }) supersededAt!: Date | null;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
  /** Since when the broker is known to refuse it. */
  @Column('timestamptz', { nullable: true }) refusedAt!: Date | null;
}
