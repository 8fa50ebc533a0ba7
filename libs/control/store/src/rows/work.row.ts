import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { WorkKind } from '@flotilla/model';

/** Something that waits to be looked at: outbox, retry schedule and dead letter in one. */
@Entity('work')
@Index('work_due', ['kind', 'dueAt'])
export class WorkRow {
  @PrimaryColumn('text') kind!: WorkKind;
  @PrimaryColumn('text') key!: string;
  /** When to look; `infinity` once only a person or a new mark can help. */
  @Column('timestamptz') dueAt!: Date;
  @Column('int', { default: 0 }) attempts!: number;
  @Column('timestamptz', { nullable: true }) claimedUntil!: Date | null;
  /** Moves with every mark: work is finished only if nobody marked it in between. */
  @Column('bigint', { default: 1 }) version!: string;
  /** Why the last try failed. */
  @Column('jsonb', { nullable: true }) error!: WorkError | null;
  @Column('timestamptz') since!: Date;
  @Column('text', { nullable: true }) traceparent!: string | null;
}

export interface WorkError {
  readonly reason: string;
  readonly message: string;
  readonly at: string;
  /** Whom it waits for, when no retry can help. */
  readonly until?: string;
}
