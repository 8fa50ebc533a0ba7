import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people outside are asked before waves: a table of its own, because services of the version before read all of `gate_question`. */
export class WaveQuestions1700000950000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE wave_question (
        uid text PRIMARY KEY, project text NOT NULL, application text NOT NULL, application_name text NOT NULL,
        environment text NOT NULL, rollout text NOT NULL, wave text NOT NULL, release text NOT NULL,
        revision text NOT NULL, digest text NOT NULL, url text NOT NULL, secret text NOT NULL,
        every_ms double precision NOT NULL, expires_ms double precision NOT NULL, state text NOT NULL, reason text,
        since timestamptz NOT NULL, tries int NOT NULL DEFAULT 0, failures int NOT NULL DEFAULT 0,
        next_try timestamptz, expires_at timestamptz)`);
    await runner.query('CREATE UNIQUE INDEX wave_question_place ON wave_question (rollout, wave, url)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wave_question');
  }
}
