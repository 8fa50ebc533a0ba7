import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A secret of the control plane; `sealed` can be opened only by the service that holds the sealing key. */
@Entity('credential')
@Index('credential_name', ['project', 'name'], { unique: true })
export class CredentialRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') name!: string;
  @Column('text') kind!: string;
  @Column('text', { nullable: true }) origin!: string | null;
  @Column('bytea') sealed!: Buffer;
  @Column('timestamptz') updatedAt!: Date;
}
