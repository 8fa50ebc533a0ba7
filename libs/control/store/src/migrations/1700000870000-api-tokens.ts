import type { MigrationInterface, QueryRunner } from 'typeorm';

const columns = `
ALTER TABLE api_token ADD COLUMN project text, ADD COLUMN created_by text, ADD COLUMN last_used_at timestamptz,
  ADD COLUMN revoked_by text, ADD COLUMN request text;
CREATE UNIQUE INDEX api_token_request ON api_token (request);
`;

/** Tokens that people make for people: for which project, by whom, for which request, and when they were last used. */
export class ApiTokens1700000870000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(columns);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE api_token DROP COLUMN project, DROP COLUMN created_by, DROP COLUMN last_used_at,
         DROP COLUMN revoked_by, DROP COLUMN request`,
    );
  }
}
