import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a cluster of a rollout had stayed well for long enough: from then on no deadline is about it. */
export class ProvedSteps1700000960000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rollout_step ADD COLUMN proved_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rollout_step DROP COLUMN proved_at');
  }
}
