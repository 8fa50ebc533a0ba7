import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
CREATE TABLE agent_upgrade (
  uid text PRIMARY KEY, project text NOT NULL, image text NOT NULL, version text NOT NULL, selector text,
  at_once integer NOT NULL, failures_max integer NOT NULL, forgiven integer NOT NULL, deadline_seconds integer NOT NULL,
  state text NOT NULL, reason jsonb, created_at timestamptz NOT NULL, finished_at timestamptz);
CREATE INDEX agent_upgrade_order ON agent_upgrade (project, created_at);
CREATE UNIQUE INDEX agent_upgrade_open ON agent_upgrade (project) WHERE state IN ('Running', 'Paused', 'Halted');

CREATE TABLE upgrade_step (
  upgrade text NOT NULL, cluster text NOT NULL, cluster_name text NOT NULL, state text NOT NULL, reason jsonb,
  since timestamptz NOT NULL, said jsonb, was_well text[] NOT NULL, PRIMARY KEY (upgrade, cluster))
  WITH (fillfactor = 60);
CREATE INDEX upgrade_step_wish ON upgrade_step (cluster) WHERE state = 'Upgrading';
`;

/** Which agent a cluster shall run is a fact of ours, and so is how far it has come. */
export class AgentUpgrades1700000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE upgrade_step; DROP TABLE agent_upgrade;`);
  }
}
