import type { MigrationInterface, QueryRunner } from 'typeorm';

const chain = `
ALTER TABLE ledger ADD COLUMN seq bigint, ADD COLUMN hash text;
CREATE UNIQUE INDEX ledger_seq ON ledger (seq);
CREATE INDEX ledger_open ON ledger (id) WHERE seq IS NULL;

CREATE TABLE ledger_chain (
  name text PRIMARY KEY, anchor_seq bigint NOT NULL, anchor_hash text NOT NULL, head_seq bigint NOT NULL,
  head_hash text NOT NULL) WITH (fillfactor = 10);
INSERT INTO ledger_chain VALUES ('ledger', 0, repeat('0', 64), 0, repeat('0', 64));
`;

/** Every line of the ledger gets a place in one chain: those of before as well, as soon as a service runs that seals. */
export class LedgerChain1700000850000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(chain);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ledger_chain; ALTER TABLE ledger DROP COLUMN seq, DROP COLUMN hash;');
  }
}
