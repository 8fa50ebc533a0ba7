import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A release keeps what it was made of, so that it can enter again as it was. Older ones did not, and hold nothing. */
export class ReleaseContents1700000800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE release ADD COLUMN contents jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE release DROP COLUMN contents');
  }
}
