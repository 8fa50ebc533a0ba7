import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A freeze says who ordered it, so a document keeps who changed it last; of older ones only the ledger knows. Frozen
 * targets are few, mostly, and looked for by whoever wants to know how many clusters keep a freeze.
 */
export class Freezes1700000840000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE document ADD COLUMN changed_by text NOT NULL DEFAULT ''`);
    await runner.query(`CREATE INDEX target_frozen ON target (project) WHERE entry ? 'frozen'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX target_frozen');
    await runner.query('ALTER TABLE document DROP COLUMN changed_by');
  }
}
