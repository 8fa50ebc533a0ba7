import type { ReleaseContent } from '@flotilla/control-delivery';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One commit of one application, and what it means for each environment. Immutable. */
@Entity('release')
@Index('release_order', ['application', 'createdAt'])
export class ReleaseRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') application!: string;
  @Column('text') applicationName!: string;
  @Index('release_revision') @Column('text') revision!: string;
  /** Source digest by environment. */
  @Column('jsonb') digests!: Record<string, string>;
  /** What it is made of, by environment. */
  @Column('jsonb', { default: {} }) contents!: Record<string, ReleaseContent>;
  @Column('timestamptz') createdAt!: Date;
}
