import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is too old is found by an index: by its age, and whether anything still names it. */
const indexes = `
CREATE INDEX ledger_time ON ledger (at);
CREATE INDEX release_revision ON release (revision);
CREATE INDEX rollout_release ON rollout (release);
CREATE INDEX revision_seen ON revision (repository, seen_at);
`;

export class Retention1700000500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(indexes);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX ledger_time; DROP INDEX release_revision; DROP INDEX rollout_release; DROP INDEX revision_seen;',
    );
  }
}
