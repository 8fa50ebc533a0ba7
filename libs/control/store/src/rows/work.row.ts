import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { WorkKind } from '@flotilla/model';

/** Something that waits to be looked at: outbox, retry schedule and dead letter in one. */
@Entity('work')
@Index('work_turn', ['kind', 'project', 'dueAt'])
@Index('work_suspect', ['kind', 'dueAt'], { where: '(crashes > 0)' })
@Index('work_aside', ['project', 'since'], { where: `(due_at = 'infinity'::timestamp with time zone)` })
export class WorkRow {
  @PrimaryColumn('text') kind!: WorkKind;
  @PrimaryColumn('text') key!: string;
  /** Whose it is: projects take turns. Empty when what the key names is gone. */
  @Column('text', { default: '' }) project!: string;
  /** When to look; `infinity` once only a person or a new mark can help. */
  @Column('timestamptz') dueAt!: Date;
  @Column('int', { default: 0 }) attempts!: number;
  /** Looks in a row that ended with the process that took them. */
  @Column('int', { default: 0 }) crashes!: number;
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
