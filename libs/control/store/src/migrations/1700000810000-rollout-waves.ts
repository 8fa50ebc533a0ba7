import type { MigrationInterface, QueryRunner } from 'typeorm';

const waves = `
ALTER TABLE rollout ADD COLUMN strategy jsonb, ADD COLUMN wave integer NOT NULL DEFAULT 0, ADD COLUMN blocked jsonb,
  ADD COLUMN blocked_since timestamptz;

CREATE TABLE rollout_step (
  rollout text NOT NULL, cluster text NOT NULL, wave integer NOT NULL, place integer NOT NULL, admitted_at timestamptz,
  skipped boolean NOT NULL DEFAULT false, forgiven boolean NOT NULL DEFAULT false, held_at timestamptz,
  PRIMARY KEY (rollout, cluster));
CREATE INDEX rollout_step_cluster ON rollout_step (cluster);

ALTER TABLE liveness ADD COLUMN connected_since timestamptz;
`;

/** A rollout remembers how it goes, and who was admitted; liveness, since when a cluster is heard without a break. */
export class RolloutWaves1700000810000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(waves);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE liveness DROP COLUMN connected_since; DROP TABLE rollout_step;
      ALTER TABLE rollout DROP COLUMN strategy, DROP COLUMN wave, DROP COLUMN blocked, DROP COLUMN blocked_since;`);
  }
}
