import type { MigrationInterface, QueryRunner } from 'typeorm';

const table = `
CREATE TABLE given_order (request text PRIMARY KEY, answer jsonb NOT NULL, at timestamptz NOT NULL);
CREATE INDEX given_order_time ON given_order (at);
`;

/** Orders that were carried out, by the request that brought them: one that comes again is answered and not repeated. */
export class GivenOrders1700000600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE given_order');
  }
}
