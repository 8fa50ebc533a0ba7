import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A commit moves the generation of every target of an application, and a deployment's health moves with each report.
 * While an index holds what moves, or the page has no room, PostgreSQL writes such a row into all of the table's indexes
 * again; otherwise into none.
 */
export class LeanWrites1700000700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX target_cluster;
      CREATE INDEX target_cluster ON target (cluster);
      ALTER TABLE target SET (fillfactor = 50);
      ALTER TABLE deployment SET (fillfactor = 70);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX target_cluster;
      CREATE INDEX target_cluster ON target (cluster, generation);
      ALTER TABLE target SET (fillfactor = 80);
      ALTER TABLE deployment RESET (fillfactor);`);
  }
}
