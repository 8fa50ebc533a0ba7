import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
CREATE TABLE rollback (uid text PRIMARY KEY, project text NOT NULL, actor text NOT NULL, reason text NOT NULL,
  goal text NOT NULL, selection jsonb NOT NULL, created_at timestamptz NOT NULL);
CREATE INDEX rollback_order ON rollback (project, created_at);
CREATE TABLE quarantine (application text NOT NULL, digest text NOT NULL, project text NOT NULL,
  application_name text NOT NULL, actor text NOT NULL, reason text NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (application, digest));
CREATE INDEX quarantine_project ON quarantine (project, at);
ALTER TABLE rollout ADD COLUMN rollback text;
CREATE INDEX rollout_rollback ON rollout (rollback) WHERE rollback IS NOT NULL;
ALTER TABLE target ADD COLUMN pin jsonb;
`;

/** Orders to go back, what holds each target since, and the source digests that enter nowhere any more. */
export class Rollbacks1700000830000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE target DROP COLUMN pin; ALTER TABLE rollout DROP COLUMN rollback;
      DROP TABLE quarantine; DROP TABLE rollback`);
  }
}
