import 'reflect-metadata';
import { DataSource, DefaultNamingStrategy } from 'typeorm';
import { FirstTables1700000000000 } from './migrations/1700000000000-first-tables.ts';
import { ApiTokenRow } from './rows/api-token.row.ts';
import { ClusterRow } from './rows/cluster.row.ts';
import { CredentialRow } from './rows/credential.row.ts';
import { DocumentRow } from './rows/document.row.ts';
import { IdempotencyKeyRow } from './rows/idempotency-key.row.ts';
import { JoinTokenRow } from './rows/join-token.row.ts';
import { LedgerRow } from './rows/ledger.row.ts';
import { LastReportRow, ListenerRow, LivenessRow } from './rows/liveness.row.ts';
import { ReleaseRow } from './rows/release.row.ts';
import { PathTreeRow, RepositoryLookRow, RevisionRow } from './rows/revision.row.ts';
import { RolloutRow } from './rows/rollout.row.ts';
import { DeploymentRow, TargetCountRow, TargetDetailRow, TargetStatusRow } from './rows/target-status.row.ts';
import { DesiredSetRow, EpochRow, TargetRow } from './rows/target.row.ts';
import { WorkRow } from './rows/work.row.ts';

const rows = [
  ApiTokenRow,
  ClusterRow,
  CredentialRow,
  DeploymentRow,
  DesiredSetRow,
  DocumentRow,
  EpochRow,
  IdempotencyKeyRow,
  JoinTokenRow,
  LastReportRow,
  LedgerRow,
  ListenerRow,
  LivenessRow,
  PathTreeRow,
  ReleaseRow,
  RepositoryLookRow,
  RevisionRow,
  RolloutRow,
  TargetCountRow,
  TargetDetailRow,
  TargetRow,
  TargetStatusRow,
  WorkRow,
];

const migrations = [FirstTables1700000000000];

export interface DatabaseOptions {
  readonly url: string;
  readonly poolMax?: number;
  /** Shows in `pg_stat_activity`, so that a person can tell whose connection it is. */
  readonly applicationName?: string;
}

/** A connection pool to the one record of everything. Nothing is created here: `migrate` does that. */
export function createDatabase({ url, poolMax = 10, applicationName = 'flotilla' }: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: rows,
    migrations,
    migrationsTableName: 'migration',
    namingStrategy: new SnakeCase(),
    applicationName,
    poolSize: poolMax,
    extra: { statement_timeout: 15_000, idle_in_transaction_session_timeout: 30_000, connectionTimeoutMillis: 10_000 },
  });
}

/** Brings the tables up to date. Replicas that start together wait for one another; a cut-off migration leaves nothing. */
export async function migrate(database: DataSource): Promise<void> {
  const runner = database.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await database.runMigrations({ transaction: 'all' });
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    await runner.release();
  }
}

const migrationLock = 7_305_316;

class SnakeCase extends DefaultNamingStrategy {
  override columnName(property: string, customName: string | undefined): string {
    return customName ?? property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }

  /** PostgreSQL's own names, so that plain SQL migrations and rows agree. */
  override primaryKeyName(table: { name: string } | string): string {
    return `${typeof table === 'string' ? table : table.name}_pkey`;
  }
}
