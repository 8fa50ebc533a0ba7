import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whatever a btree says of entries, its condition included, makes PostgreSQL write a changed target into all indexes of
 * the table. A summary of blocks does not, and shows as quickly that nothing is frozen. A number is spent when a change
 * is planned, and its digest follows when it is sent: for that there has to be room beside it.
 */
export class LightPlans1700000910000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX target_frozen;
      CREATE INDEX target_frozen ON target USING brin (((entry ? 'frozen')::int))
        WITH (pages_per_range = 32, autosummarize = on);
      ALTER TABLE issued_set SET (fillfactor = 50);`);
  }

  /** The release before knows no set without a digest, so that it has to be given them first. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX target_frozen;
      CREATE INDEX target_frozen ON target (project) WHERE entry ? 'frozen';
      ALTER TABLE issued_set RESET (fillfactor);
      UPDATE desired_set SET digest = (
        SELECT encode(sha256(convert_to(coalesce(string_agg(entry_digest, E'\\n' ORDER BY entry_digest COLLATE "C"), ''),
          'UTF8')), 'hex') FROM target WHERE target.cluster = desired_set.cluster AND gone_generation IS NULL);
      UPDATE issued_set SET digest = wanted.digest FROM desired_set wanted
        WHERE issued_set.cluster = wanted.cluster AND issued_set.epoch = wanted.epoch
          AND issued_set.generation = wanted.generation AND issued_set.digest = '';`);
  }
}
