import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages of agents that could not be handled, with their bytes, until a person has looked. */
const deadLetters = `
CREATE TABLE dead_letter (
  id text PRIMARY KEY, project text NOT NULL, cluster text NOT NULL, service text NOT NULL, kind text NOT NULL,
  digest text NOT NULL, size integer NOT NULL, bytes bytea NOT NULL, reason text NOT NULL, message text NOT NULL,
  first_at timestamptz NOT NULL, last_at timestamptz NOT NULL, count integer NOT NULL);
CREATE UNIQUE INDEX dead_letter_same ON dead_letter (cluster, service, kind, digest);
CREATE INDEX dead_letter_newest ON dead_letter (project, last_at);
`;

export class DeadLetters1700000200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(deadLetters);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letter');
  }
}
