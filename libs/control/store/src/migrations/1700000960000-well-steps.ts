import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a cluster of a rollout was seen to be well: it has met its deadline. */
export class WellSteps1700000960000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rollout_step ADD COLUMN well_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rollout_step DROP COLUMN well_at');
  }
}
