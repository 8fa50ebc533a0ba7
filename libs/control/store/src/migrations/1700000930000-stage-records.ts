import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is written down in Git of what enters stages. */
export class StageRecords1700000930000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stage_record (
        uid text PRIMARY KEY, project text NOT NULL, application text NOT NULL, application_name text NOT NULL,
        environment text NOT NULL, release text NOT NULL, revision text NOT NULL, digest text NOT NULL,
        repository text NOT NULL, branch text NOT NULL, path text NOT NULL, promoted_by text,
        state text NOT NULL, reason text, commit text, since timestamptz NOT NULL, asked_at timestamptz NOT NULL,
        tries int NOT NULL DEFAULT 0, failures int NOT NULL DEFAULT 0, next_try timestamptz)`);
    await runner.query('CREATE UNIQUE INDEX stage_record_place ON stage_record (application, environment)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE stage_record');
  }
}
