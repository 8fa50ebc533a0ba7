import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A deployment tells what it was made of and until when it ran, and a table that is swept up to when it was. */
export class WhatRan1700000851000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE deployment ADD COLUMN source_digest text, ADD COLUMN images text[], ADD COLUMN left_at timestamptz;
      CREATE TABLE swept (name text PRIMARY KEY, until timestamptz NOT NULL);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE swept;
      ALTER TABLE deployment DROP COLUMN source_digest, DROP COLUMN images, DROP COLUMN left_at;`);
  }
}
