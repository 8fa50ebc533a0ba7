import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a cluster of a rollout was seen to be well: it has met its deadline. */
export class ProvedSteps1700000960000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rollout_step ADD COLUMN proved_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rollout_step DROP COLUMN proved_at');
  }
}
