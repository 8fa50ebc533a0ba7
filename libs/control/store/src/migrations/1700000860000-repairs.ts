import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
CREATE TABLE repair (
  uid text PRIMARY KEY, project text NOT NULL, rollback text NOT NULL, repository text NOT NULL, branch text NOT NULL,
  applications text[] NOT NULL, paths text[] NOT NULL, good_revision text NOT NULL, bad_revision text NOT NULL,
  reason text NOT NULL, actor jsonb NOT NULL, state text NOT NULL, attempts integer NOT NULL, revert text, url text,
  conflicts text[] NOT NULL, error jsonb, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX repair_order ON repair (project, created_at);
CREATE INDEX repair_repository ON repair (repository);
`;

/** What a rollback owes Git, repository by repository, and how far that has come. */
export class Repairs1700000860000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE repair');
  }
}
