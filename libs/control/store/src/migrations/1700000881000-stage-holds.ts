import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people let nothing past: a stage, or one release in it. */
export class StageHolds1700000881000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stage_hold (
        uid text PRIMARY KEY, project text NOT NULL, application text NOT NULL, application_name text NOT NULL,
        environment text NOT NULL, digest text NOT NULL, release text, revision text, who text NOT NULL,
        reason text NOT NULL, at timestamptz NOT NULL, expires_at timestamptz)`);
    await runner.query('CREATE UNIQUE INDEX stage_hold_place ON stage_hold (application, environment, digest)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE stage_hold');
  }
}
