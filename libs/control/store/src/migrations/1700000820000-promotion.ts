import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
CREATE TABLE approval (
  uid text PRIMARY KEY, project text NOT NULL, application text NOT NULL, application_name text NOT NULL,
  environment text NOT NULL, release text NOT NULL, digest text NOT NULL, who text NOT NULL,
  at timestamptz NOT NULL, expires_at timestamptz NOT NULL);
CREATE INDEX approval_place ON approval (application, environment);

CREATE TABLE promotion (
  uid text PRIMARY KEY, project text NOT NULL, application text NOT NULL, application_name text NOT NULL,
  environment text NOT NULL, release text NOT NULL, who text NOT NULL, reason text NOT NULL, instead boolean NOT NULL,
  at timestamptz NOT NULL, ended_at timestamptz, outcome text);
CREATE INDEX promotion_place ON promotion (application, environment, at);
CREATE UNIQUE INDEX promotion_open ON promotion (application, environment) WHERE ended_at IS NULL;

CREATE TABLE stage (
  application text NOT NULL, environment text NOT NULL, project text NOT NULL, application_name text NOT NULL,
  standing jsonb NOT NULL, changed_at timestamptz NOT NULL, PRIMARY KEY (application, environment));
CREATE INDEX stage_order ON stage (project, application_name, environment);

ALTER TABLE rollout ADD COLUMN well_since timestamptz;
ALTER TABLE target_status ADD COLUMN degraded_at timestamptz;
ALTER TABLE revision ADD COLUMN author_email text NOT NULL DEFAULT '';
`;

/** What a release waits for before a stage, who agreed to it and who ordered it, and since when what runs is well. */
export class Promotion1700000820000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE revision DROP COLUMN author_email; ALTER TABLE target_status DROP COLUMN degraded_at;
      ALTER TABLE rollout DROP COLUMN well_since; DROP TABLE stage; DROP TABLE promotion; DROP TABLE approval;`);
  }
}
