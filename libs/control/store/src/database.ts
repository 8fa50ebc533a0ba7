import 'reflect-metadata';
import { DataSource, DefaultNamingStrategy, type QueryRunner, type ReplicationMode } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { databaseFault, isLineDead } from './database-fault.ts';
import { FirstTables1700000000000 } from './migrations/1700000000000-first-tables.ts';
import { FairWork1700000200000 } from './migrations/1700000200000-fair-work.ts';
import { DeadLetters1700000200001 } from './migrations/1700000200001-dead-letters.ts';
import { Recovery1700000300000 } from './migrations/1700000300000-recovery.ts';
import { AgentUpgrades1700000400000 } from './migrations/1700000400000-agent-upgrades.ts';
import { Retention1700000500000 } from './migrations/1700000500000-retention.ts';
import { GivenOrders1700000600000 } from './migrations/1700000600000-given-orders.ts';
import { LeanWrites1700000700000 } from './migrations/1700000700000-lean-writes.ts';
import { ReleaseContents1700000800000 } from './migrations/1700000800000-release-contents.ts';
import { Promotion1700000820000 } from './migrations/1700000820000-promotion.ts';
import { RolloutWaves1700000810000 } from './migrations/1700000810000-rollout-waves.ts';
import { Notices1700000841000 } from './migrations/1700000841000-notices.ts';
import { Freezes1700000840000 } from './migrations/1700000840000-freezes.ts';
import { Repairs1700000860000 } from './migrations/1700000860000-repairs.ts';
import { StageRecords1700000930000 } from './migrations/1700000930000-stage-records.ts';
import { RecordCauses1700000940000 } from './migrations/1700000940000-record-causes.ts';
import { WellSteps1700000960000 } from './migrations/1700000960000-well-steps.ts';
import { WaveQuestions1700000950000 } from './migrations/1700000950000-wave-questions.ts';
import { GateQuestions1700000880000 } from './migrations/1700000880000-gate-questions.ts';
import { StageHolds1700000881000 } from './migrations/1700000881000-stage-holds.ts';
import { LedgerChain1700000850000 } from './migrations/1700000850000-ledger-chain.ts';
import { ApiTokens1700000870000 } from './migrations/1700000870000-api-tokens.ts';
import { WhatRan1700000851000 } from './migrations/1700000851000-what-ran.ts';
import { RollbackWaves1700000890000 } from './migrations/1700000890000-rollback-waves.ts';
import { LightPlans1700000910000 } from './migrations/1700000910000-light-plans.ts';
import { WaveApprovals1700000920000 } from './migrations/1700000920000-wave-approvals.ts';
import { Rollbacks1700000830000 } from './migrations/1700000830000-rollbacks.ts';
import { AgentUpgradeRow, UpgradeStepRow } from './rows/agent-upgrade.row.ts';
import { Identities1700000100000 } from './migrations/1700000100000-identities.ts';
import { ApiTokenRow } from './rows/api-token.row.ts';
import { ClusterRow, ForgottenClusterRow, StrangerRow } from './rows/cluster.row.ts';
import { ClusterKeyRow } from './rows/cluster-key.row.ts';
import { CredentialRow } from './rows/credential.row.ts';
import { DeadLetterRow } from './rows/dead-letter.row.ts';
import { DocumentRow } from './rows/document.row.ts';
import { GivenOrderRow } from './rows/given-order.row.ts';
import { IdempotencyKeyRow } from './rows/idempotency-key.row.ts';
import { IntruderRow } from './rows/intruder.row.ts';
import { JoinTokenRow } from './rows/join-token.row.ts';
import { LedgerChainRow } from './rows/ledger-chain.row.ts';
import { LedgerRow } from './rows/ledger.row.ts';
import { StageRecordRow } from './rows/stage-record.row.ts';
import { GateQuestionRow, WaveQuestionRow } from './rows/gate-question.row.ts';
import { StageHoldRow } from './rows/stage-hold.row.ts';
import { ApprovalRow, PromotionRow, StageRow } from './rows/promotion.row.ts';
import { LastReportRow, ListenerRow, LivenessRow } from './rows/liveness.row.ts';
import { ReleaseRow } from './rows/release.row.ts';
import { NoticeRow } from './rows/notice.row.ts';
import { PathTreeRow, RepositoryLookRow, RevisionRow } from './rows/revision.row.ts';
import { RepairRow } from './rows/repair.row.ts';
import { RolloutRow, RolloutStepRow } from './rows/rollout.row.ts';
import { QuarantineRow, RollbackRow } from './rows/rollback.row.ts';
import { SweptRow } from './rows/swept.row.ts';
import { DeploymentRow, TargetCountRow, TargetDetailRow, TargetStatusRow } from './rows/target-status.row.ts';
import { DesiredSetRow, EpochRow, IssuedSetRow, RemovalOrderRow, RestoreRow, TargetRow } from './rows/target.row.ts';
import { WorkRow } from './rows/work.row.ts';

const rows = [
  AgentUpgradeRow,
  ApiTokenRow,
  ApprovalRow,
  ClusterKeyRow,
  ClusterRow,
  CredentialRow,
  DeadLetterRow,
  DeploymentRow,
  DesiredSetRow,
  DocumentRow,
  EpochRow,
  ForgottenClusterRow,
  GivenOrderRow,
  IdempotencyKeyRow,
  IntruderRow,
  IssuedSetRow,
  JoinTokenRow,
  LastReportRow,
  LedgerChainRow,
  LedgerRow,
  ListenerRow,
  LivenessRow,
  NoticeRow,
  PathTreeRow,
  GateQuestionRow,
  StageHoldRow,
  StageRecordRow,
  PromotionRow,
  QuarantineRow,
  ReleaseRow,
  RemovalOrderRow,
  RepairRow,
  RepositoryLookRow,
  RestoreRow,
  RevisionRow,
  RollbackRow,
  RolloutRow,
  RolloutStepRow,
  StageRow,
  StrangerRow,
  SweptRow,
  TargetCountRow,
  TargetDetailRow,
  TargetRow,
  TargetStatusRow,
  UpgradeStepRow,
  WaveQuestionRow,
  WorkRow,
];

const migrations = [
  FirstTables1700000000000,
  Identities1700000100000,
  FairWork1700000200000,
  DeadLetters1700000200001,
  Recovery1700000300000,
  AgentUpgrades1700000400000,
  Retention1700000500000,
  GivenOrders1700000600000,
  LeanWrites1700000700000,
  ReleaseContents1700000800000,
  RolloutWaves1700000810000,
  Promotion1700000820000,
  Rollbacks1700000830000,
  Freezes1700000840000,
  Notices1700000841000,
  LedgerChain1700000850000,
  WhatRan1700000851000,
  Repairs1700000860000,
  ApiTokens1700000870000,
  GateQuestions1700000880000,
  StageHolds1700000881000,
  RollbackWaves1700000890000,
  LightPlans1700000910000,
  WaveApprovals1700000920000,
  StageRecords1700000930000,
  RecordCauses1700000940000,
  WaveQuestions1700000950000,
  WellSteps1700000960000,
];

/** How long to wait for what before it counts as failed. */
export interface Patience {
  readonly connectionMs: number;
  readonly lockMs: number;
  readonly statementMs: number;
  /** For an answer from a server that may not be there any more: longer than it may take for a statement. */
  readonly answerMs: number;
  /** For the next statement of a transaction, before the server ends it. */
  readonly nextStatementMs: number;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolMax?: number;
  readonly patience?: Patience;
  /** Shows in `pg_stat_activity`, so that a person can tell whose connection it is. */
  readonly applicationName?: string;
}

/** Nothing waits for ever: not for a connection, not for a lock, not for an answer. */
const usualPatience: Patience = {
  connectionMs: 10_000,
  lockMs: 10_000,
  statementMs: 15_000,
  answerMs: 20_000,
  nextStatementMs: 30_000,
};

/** A connection pool to the one record of everything. Nothing is created here: `migrate` does that. */
export function createDatabase(options: DatabaseOptions): DataSource {
  const { url, poolMax = 10, applicationName = 'flotilla', patience = usualPatience } = options;
  return new Database({
    type: 'postgres',
    url,
    entities: rows,
    migrations,
    migrationsTableName: 'migration',
    namingStrategy: new SnakeCase(),
    applicationName,
    poolSize: poolMax,
    // A connection that breaks while nobody uses it is simply replaced.
    poolErrorHandler: () => undefined,
    extra: {
      ...connectionOptions(patience),
      lock_timeout: patience.lockMs,
      statement_timeout: patience.statementMs,
      query_timeout: patience.answerMs,
    },
  });
}

/** The same database with one connection, whose statements and locks may take as long as they take. */
export function patientDatabase({ options }: DataSource): DataSource {
  return new Database({
    ...(options as PostgresDataSourceOptions),
    poolSize: 1,
    extra: connectionOptions(usualPatience),
  });
}

/** By which either side notices that the other is gone. */
function connectionOptions({ connectionMs, nextStatementMs }: Patience) {
  return {
    connectionTimeoutMillis: connectionMs,
    idle_in_transaction_session_timeout: nextStatementMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/** What goes wrong in it comes out as a fault, whether of our own statements or of TypeORM's. */
class Database extends DataSource {
  override initialize(): Promise<this> {
    return asFault(super.initialize());
  }

  override createQueryRunner(mode?: ReplicationMode): QueryRunner {
    const runner = super.createQueryRunner(mode);
    const [connect, query] = [runner.connect.bind(runner), runner.query.bind(runner)];
    return Object.assign(runner, {
      connect: () => asFault(connect()),
      query: (...statement: Parameters<typeof query>) =>
        asFault(query(...statement).catch((error: unknown) => endDeadLine(runner, error))),
    });
  }
}

async function asFault<Result>(doing: Promise<Result>): Promise<Result> {
  try {
    return await doing;
  } catch (error) {
    throw databaseFault(error);
  }
}

/** Given back as it is, a connection whose answer never came would keep the next one waiting as well. */
async function endDeadLine(runner: QueryRunner, error: unknown): Promise<never> {
  if (isLineDead(error)) {
    const connection = (await runner.connect()) as { end(): Promise<void> };
    void connection.end().catch(() => undefined);
  }
  throw error;
}

class SnakeCase extends DefaultNamingStrategy {
  override columnName(property: string, customName: string | undefined): string {
    return customName ?? property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }

  /** PostgreSQL's own names, so that plain SQL migrations and rows agree. */
  override primaryKeyName(table: { name: string } | string): string {
    return `${typeof table === 'string' ? table : table.name}_pkey`;
  }
}
