import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From what people author to what is done about it. The spec beside `database.ts` holds these tables against the rows. */
const tables = `
CREATE TABLE document (
  uid text PRIMARY KEY, project text NOT NULL, kind text NOT NULL, name text NOT NULL,
  spec jsonb NOT NULL, labels jsonb NOT NULL, annotations jsonb NOT NULL, owner text NOT NULL,
  generation integer NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE UNIQUE INDEX document_name ON document (project, kind, name);

CREATE TABLE credential (
  uid text PRIMARY KEY, project text NOT NULL, name text NOT NULL, kind text NOT NULL, origin text,
  sealed bytea NOT NULL, updated_at timestamptz NOT NULL);
CREATE UNIQUE INDEX credential_name ON credential (project, name);

CREATE TABLE api_token (
  hash text PRIMARY KEY, name text NOT NULL, permissions text[] NOT NULL, created_at timestamptz NOT NULL,
  expires_at timestamptz, revoked_at timestamptz);

CREATE TABLE idempotency_key (
  principal text NOT NULL, key text NOT NULL, request_digest text NOT NULL, status integer, body jsonb,
  created_at timestamptz NOT NULL, PRIMARY KEY (principal, key));
CREATE INDEX idempotency_key_created ON idempotency_key (created_at);

CREATE TABLE cluster (
  uid text PRIMARY KEY, project text NOT NULL, name text NOT NULL, labels jsonb NOT NULL, facts jsonb,
  user_key text, kubernetes_uid text, enrolled_at timestamptz, created_at timestamptz NOT NULL);
CREATE UNIQUE INDEX cluster_name ON cluster (project, name);

CREATE TABLE join_token (
  hash text PRIMARY KEY, cluster text NOT NULL, expires_at timestamptz NOT NULL, used_by text);
CREATE INDEX join_token_cluster ON join_token (cluster);

CREATE TABLE liveness (
  cluster text PRIMARY KEY, connection text NOT NULL, last_seen_at timestamptz NOT NULL, instance text NOT NULL,
  lease_transitions integer NOT NULL, protocol integer NOT NULL, epoch integer NOT NULL, generation integer NOT NULL,
  set_digest text NOT NULL) WITH (fillfactor = 60);

CREATE TABLE last_report (
  cluster text PRIMARY KEY, lease_transitions integer NOT NULL, report bigint NOT NULL, status_digest text NOT NULL,
  epoch integer NOT NULL, generation integer NOT NULL)
  WITH (fillfactor = 60);

CREATE TABLE listener (listener text PRIMARY KEY, at timestamptz NOT NULL);

CREATE TABLE revision (
  repository text NOT NULL, ref text NOT NULL, commit text NOT NULL, project text NOT NULL, seq integer NOT NULL,
  author text NOT NULL, subject text NOT NULL, committed_at timestamptz NOT NULL, seen_at timestamptz NOT NULL,
  PRIMARY KEY (repository, ref, commit));
CREATE INDEX revision_order ON revision (repository, ref, seq);

CREATE TABLE path_tree (
  repository text NOT NULL, ref text NOT NULL, path text NOT NULL, seq integer NOT NULL, tree text,
  PRIMARY KEY (repository, ref, path, seq));

CREATE TABLE repository_look (repository text PRIMARY KEY, configured text);

CREATE TABLE release (
  uid text PRIMARY KEY, project text NOT NULL, application text NOT NULL, application_name text NOT NULL,
  revision text NOT NULL, digests jsonb NOT NULL, created_at timestamptz NOT NULL);
CREATE INDEX release_order ON release (application, created_at);

CREATE TABLE rollout (
  uid text PRIMARY KEY, project text NOT NULL, application text NOT NULL, application_name text NOT NULL,
  environment text NOT NULL, release text NOT NULL, revision text NOT NULL, cause text NOT NULL, state text NOT NULL,
  created_at timestamptz NOT NULL, finished_at timestamptz, total integer, arrived integer);
CREATE INDEX rollout_place ON rollout (application, environment, created_at);

CREATE TABLE target (
  uid text PRIMARY KEY, project text NOT NULL, application text NOT NULL, application_name text NOT NULL,
  environment text NOT NULL, cluster text NOT NULL, intent text NOT NULL, release text NOT NULL,
  generation integer NOT NULL, entry jsonb NOT NULL, entry_digest text NOT NULL, on_remove text NOT NULL,
  last_good text, gone_generation integer, created_at timestamptz NOT NULL) WITH (fillfactor = 80);
CREATE UNIQUE INDEX target_place ON target (application, environment, cluster) WHERE gone_generation IS NULL;
CREATE INDEX target_gone ON target (cluster) WHERE gone_generation IS NOT NULL;
CREATE INDEX target_cluster ON target (cluster, generation);
CREATE INDEX target_project ON target (project, application_name, environment);

CREATE TABLE desired_set (
  cluster text PRIMARY KEY, epoch integer NOT NULL, generation integer NOT NULL, digest text NOT NULL)
  WITH (fillfactor = 60);

CREATE TABLE epoch (epoch integer PRIMARY KEY);
INSERT INTO epoch VALUES (1);

CREATE TABLE target_status (
  target text PRIMARY KEY, cluster text NOT NULL, generation integer NOT NULL, revision text, release text, source_digest text, render_digest text, sync text NOT NULL,
  health text NOT NULL, reason jsonb, since timestamptz NOT NULL, applied_at timestamptz, gone boolean NOT NULL,
  reported_at timestamptz NOT NULL) WITH (fillfactor = 70);
CREATE INDEX target_status_cluster ON target_status (cluster);

CREATE TABLE target_detail (target text PRIMARY KEY, resources jsonb NOT NULL, drift jsonb NOT NULL)
  WITH (fillfactor = 70);

CREATE TABLE deployment (
  target text NOT NULL, at timestamptz NOT NULL, project text NOT NULL, application_name text NOT NULL,
  environment text NOT NULL, cluster text NOT NULL, release text NOT NULL, revision text NOT NULL,
  health text NOT NULL, reason jsonb, healthy_at timestamptz, PRIMARY KEY (target, at));
CREATE INDEX deployment_time ON deployment (project, at);

CREATE TABLE target_count (
  project text NOT NULL, application text NOT NULL, environment text NOT NULL, total integer NOT NULL,
  sync jsonb NOT NULL, health jsonb NOT NULL, revision text, PRIMARY KEY (project, application, environment));

CREATE TABLE ledger (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL, project text NOT NULL,
  actor text NOT NULL, action text NOT NULL, subject text NOT NULL, message text NOT NULL, traceparent text);
CREATE INDEX ledger_order ON ledger (project, id);

CREATE TABLE work (
  kind text NOT NULL, key text NOT NULL, due_at timestamptz NOT NULL, attempts integer NOT NULL DEFAULT 0,
  claimed_until timestamptz, version bigint NOT NULL DEFAULT 1, error jsonb, since timestamptz NOT NULL,
  traceparent text, PRIMARY KEY (kind, key)) WITH (fillfactor = 60);
CREATE INDEX work_due ON work (kind, due_at);
`;

export class FirstTables1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  /** Going back would throw the record away; a backup is the way back. */
  async down(): Promise<void> {
    throw new Error('the first tables cannot be taken back; restore a backup instead');
  }
}
