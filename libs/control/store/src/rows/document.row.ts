import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { DocumentKind, Labels } from '@flotilla/model';

/** One authored document: all kinds in one shape. */
@Entity('document')
@Index('document_name', ['project', 'kind', 'name'], { unique: true })
export class DocumentRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') kind!: DocumentKind;
  @Column('text') name!: string;
  @Column('jsonb') spec!: Record<string, unknown>;
  @Column('jsonb') labels!: Labels;
  @Column('jsonb') annotations!: Labels;
  /** Who may change it: `apply`, or one configuration path. */
  @Column('text') owner!: string;
  /** Who changed it last. */
  @Column('text', { default: '' }) changedBy!: string;
  @Column('int') generation!: number;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
