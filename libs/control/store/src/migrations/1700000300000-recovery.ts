import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What it takes to notice that a database was set back to an older time: the digests that it issued, the restores that it
 * went through, and the clusters that it was told to forget. `ahead_cluster` is the one place that says which clusters
 * hold what this database never issued.
 */
const tables = `
ALTER TABLE epoch ADD COLUMN opened_at timestamptz, ADD COLUMN opened_by text, ADD COLUMN reason text;

CREATE TABLE issued_set (
  cluster text NOT NULL, epoch integer NOT NULL, generation integer NOT NULL, digest text NOT NULL,
  PRIMARY KEY (cluster, epoch, generation));
INSERT INTO issued_set SELECT cluster, epoch, generation, digest FROM desired_set;

CREATE TABLE restore (at timestamptz PRIMARY KEY, taken_at timestamptz NOT NULL, epoch integer NOT NULL);

CREATE TABLE forgotten_cluster (
  uid text PRIMARY KEY, project text NOT NULL, name text NOT NULL, at timestamptz NOT NULL, actor text NOT NULL);

CREATE TABLE stranger (
  cluster text PRIMARY KEY, epoch integer NOT NULL, generation integer NOT NULL, first_heard_at timestamptz NOT NULL,
  last_heard_at timestamptz NOT NULL);

CREATE TABLE removal_order (application text PRIMARY KEY, actor text NOT NULL, at timestamptz NOT NULL);

CREATE VIEW ahead_cluster AS
  SELECT cluster.uid AS cluster FROM cluster
  CROSS JOIN LATERAL (
    SELECT epoch, generation, set_digest FROM liveness WHERE liveness.cluster = cluster.uid
    UNION ALL SELECT epoch, generation, '' FROM last_report WHERE last_report.cluster = cluster.uid
    ORDER BY epoch DESC, generation DESC, set_digest DESC LIMIT 1) said
  LEFT JOIN desired_set wanted ON wanted.cluster = cluster.uid
  LEFT JOIN issued_set issued ON issued.cluster = cluster.uid AND issued.epoch = said.epoch
    AND issued.generation = said.generation AND issued.epoch = wanted.epoch
  WHERE (said.epoch, said.generation) > (coalesce(wanted.epoch, 0), coalesce(wanted.generation, 0))
    OR (said.set_digest <> '' AND issued.digest <> said.set_digest);
`;

export class Recovery1700000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  /** A backup that was taken before it is the way back. */
  async down(): Promise<void> {
    throw new Error('what was issued cannot be forgotten again; restore a backup instead');
  }
}
