import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work knows whose it is, so that projects can take turns, and how often it took its process with it. */
const fairWork = `
ALTER TABLE work ADD COLUMN project text NOT NULL DEFAULT '', ADD COLUMN crashes integer NOT NULL DEFAULT 0;
UPDATE work SET project = named.project FROM (
  SELECT uid, project FROM document UNION ALL SELECT uid, project FROM cluster
  UNION ALL SELECT uid, project FROM rollout) named WHERE named.uid = work.key;
UPDATE work SET project = key WHERE kind = 'count';
DROP INDEX work_due;
CREATE INDEX work_turn ON work (kind, project, due_at);
CREATE INDEX work_suspect ON work (kind, due_at) WHERE crashes > 0;
CREATE INDEX work_aside ON work (project, since) WHERE due_at = 'infinity';
`;

export class FairWork1700000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(fairWork);
  }

  /** Going back would forget whose work it is; a backup is the way back. */
  async down(): Promise<void> {
    throw new Error('whose work it is cannot be forgotten again; restore a backup instead');
  }
}
