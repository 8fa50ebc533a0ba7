import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A commit that a tracked ref pointed to. `seq` is the order in which the ref moved. */
@Entity('revision')
@Index('revision_order', ['repository', 'ref', 'seq'])
@Index('revision_seen', ['repository', 'seenAt'])
export class RevisionRow {
  @PrimaryColumn('text') repository!: string;
  @PrimaryColumn('text') ref!: string;
  @PrimaryColumn('text') commit!: string;
  @Column('text') project!: string;
  @Column('int') seq!: number;
  @Column('text') author!: string;
  @Column('text', { default: '' }) authorEmail!: string;
  @Column('text') subject!: string;
  @Column('timestamptz') committedAt!: Date;
  @Column('timestamptz') seenAt!: Date;
}

/** The tree at a path from one revision on, until a later row says otherwise. No tree: nothing is there. */
@Entity('path_tree')
export class PathTreeRow {
  @PrimaryColumn('text') repository!: string;
  @PrimaryColumn('text') ref!: string;
  @PrimaryColumn('text') path!: string;
  @PrimaryColumn('int') seq!: number;
  @Column('text', { nullable: true }) tree!: string | null;
}

/** How the last look at a repository went. */
@Entity('repository_look')
export class RepositoryLookRow {
  @PrimaryColumn('text') repository!: string;
  /** The commit whose configuration path took effect. */
  @Column('text', { nullable: true }) configured!: string | null;
}
