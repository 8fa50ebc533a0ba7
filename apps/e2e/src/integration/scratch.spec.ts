import { it } from 'vitest';
import { startPostgres } from '../../../../libs/testing/src/postgres/postgres-server.ts';
import { createDatabase, migrate } from '../../../../libs/control/store/src/database.ts';
it('x', async () => {
  const t0 = Date.now();
  const pg = await startPostgres({ directory: '/var/tmp/flotilla-scratch-pg', fast: true });
  console.log('up', Date.now() - t0);
  const db = createDatabase({ url: await pg.createDatabase('s' + Date.now()) });
  await db.initialize();
  await Promise.all([migrate(db), migrate(db)]);
  const log = await db.driver.createSchemaBuilder().log();
  console.log(log.upQueries.map((q) => q.query).join(';\n'));
  await db.destroy(); await pg.stop();
}, 60000);
