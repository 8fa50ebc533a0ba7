import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every key that ever spoke for a cluster, and whoever speaks under an identity that is not his. */
const tables = `
CREATE TABLE cluster_key (
  user_key text PRIMARY KEY, cluster text NOT NULL, enrolled_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  superseded_by text, superseded_at timestamptz, revoked_at timestamptz, refused_at timestamptz);
CREATE INDEX cluster_key_cluster ON cluster_key (cluster);
CREATE INDEX cluster_key_unheard ON cluster_key (superseded_by) WHERE superseded_at IS NULL;
INSERT INTO cluster_key (user_key, cluster, enrolled_at, expires_at)
  SELECT user_key, uid, enrolled_at, enrolled_at + interval '90 days' FROM cluster WHERE user_key IS NOT NULL;

ALTER TABLE cluster ADD revoked_at timestamptz;
ALTER TABLE liveness ADD speaking_since timestamptz NOT NULL DEFAULT now();

CREATE TABLE intruder (
  cluster text PRIMARY KEY, code text NOT NULL, instance text NOT NULL, since timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL);
`;

export class Identities1700000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  /** Forgetting which keys were revoked would let them in again; a backup is the way back. */
  async down(): Promise<void> {
    throw new Error('revoked keys cannot be forgotten; restore a backup instead');
  }
}
