import type { MigrationInterface, QueryRunner } from 'typeorm';

const columns = `
ALTER TABLE rollout ADD COLUMN partial boolean NOT NULL DEFAULT false;
ALTER TABLE rollback ADD COLUMN answers text;
CREATE INDEX rollback_answers ON rollback (answers) WHERE answers IS NOT NULL;
UPDATE rollout SET state = 'Superseded', finished_at = now()
WHERE cause = 'rollback' AND strategy IS NULL AND state = 'Running';
`;

/**
 * Which rollbacks say nothing of a whole environment, and which were nobody's order but the answer to a failure. Those
 * that went everywhere at once are over: what they hold stays held, and nobody counts them any more.
 */
export class RollbackWaves1700000890000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(columns);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rollback DROP COLUMN answers; ALTER TABLE rollout DROP COLUMN partial');
  }
}
