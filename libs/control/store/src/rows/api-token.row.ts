import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An API token by its hash. */
@Entity('api_token')
export class ApiTokenRow {
  @PrimaryColumn('text') hash!: string;
  @Column('text') name!: string;
  @Column('text', { array: true }) permissions!: string[];
  /** The one project that it is for. */
  @Column('text', { nullable: true }) project!: string | null;
  @Column('timestamptz') createdAt!: Date;
  /** Nobody where it was told to the gateway by its settings. */
  @Column('text', { nullable: true }) createdBy!: string | null;
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { nullable: true }) lastUsedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
  @Column('text', { nullable: true }) revokedBy!: string | null;
  /** The order that made it: one that comes again makes no other. */
  @Index('api_token_request', { unique: true }) @Column('text', { nullable: true }) request!: string | null;
}
