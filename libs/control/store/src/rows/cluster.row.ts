import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ClusterFacts, Labels } from '@flotilla/model';

/** An enrolled cluster, or one that was asked to join. */
@Entity('cluster')
@Index('cluster_name', ['project', 'name'], { unique: true })
export class ClusterRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') name!: string;
  @Column('jsonb') labels!: Labels;
  @Column('jsonb', { nullable: true }) facts!: ClusterFacts | null;
  /** The key that it was given its last identity for, and the Kubernetes cluster it came from. */
  @Column('text', { nullable: true }) userKey!: string | null;
  @Column('text', { nullable: true }) kubernetesUid!: string | null;
  @Column('timestamptz', { nullable: true }) enrolledAt!: Date | null;
  /** Its identities were revoked: nothing that it says is stored until it enrols again. */
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}

/** A cluster that was told to be forgotten: its history keeps its name, and its agent is told nothing if it comes back. */
@Entity('forgotten_cluster')
export class ForgottenClusterRow {
  @PrimaryColumn('text') uid!: string;
  @Column('text') project!: string;
  @Column('text') name!: string;
  @Column('timestamptz') at!: Date;
  @Column('text') actor!: string;
}

/** Somebody with a valid identity whom no record knows: a forgotten cluster, or one that joined after a backup. */
@Entity('stranger')
export class StrangerRow {
  @PrimaryColumn('text') cluster!: string;
  @Column('int') epoch!: number;
  @Column('int') generation!: number;
  @Column('timestamptz') firstHeardAt!: Date;
  @Column('timestamptz') lastHeardAt!: Date;
}
