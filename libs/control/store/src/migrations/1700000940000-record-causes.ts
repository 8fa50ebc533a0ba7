import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why something is written down in Git, where it is not about to enter. */
export class RecordCauses1700000940000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE stage_record ADD COLUMN cause text NOT NULL DEFAULT 'promotion'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stage_record DROP COLUMN cause');
  }
}
