import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A message of an agent that could not be handled. The same bytes for the same service are one row, counted. */
@Entity('dead_letter')
@Index('dead_letter_same', ['cluster', 'service', 'kind', 'digest'], { unique: true })
@Index('dead_letter_newest', ['project', 'lastAt'])
export class DeadLetterRow {
  @PrimaryColumn('text') id!: string;
  @Column('text') project!: string;
  @Column('text') cluster!: string;
  @Column('text') service!: string;
  /** The kind of message. */
  @Column('text') kind!: string;
  /** SHA-256 of all of it, of which `bytes` may hold the beginning only. */
  @Column('text') digest!: string;
  @Column('int') size!: number;
  @Column('bytea') bytes!: Buffer;
  @Column('text') reason!: string;
  @Column('text') message!: string;
  @Column('timestamptz') firstAt!: Date;
  @Column('timestamptz') lastAt!: Date;
  @Column('int') count!: number;
}
