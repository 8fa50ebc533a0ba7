import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An API token by its hash. */
@Entity('api_token')
export class ApiTokenRow {
  @PrimaryColumn('text') hash!: string;
  @Column('text') name!: string;
  @Column('text', { array: true }) permissions!: string[];
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
}
