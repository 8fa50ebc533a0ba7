import type { ApplicationHistory, RollbackFacts, RunFacts, TargetNow } from '@flotilla/control-delivery';
import type { HealthStatus, RollbackSelection } from '@flotilla/model';
import type { Transaction } from '../transaction.ts';
import { readFacts } from './read-facts.ts';

/** The applications that a selection may be about. */
export async function applicationsMeant(
  transaction: Transaction,
  project: string,
  { application }: RollbackSelection,
): Promise<readonly string[]> {
  const rows = await transaction.query<{ uid: string }>(
    `SELECT uid FROM document WHERE project = $1 AND kind = 'Application' AND ($2::text IS NULL OR name = $2)
     ORDER BY uid`,
    [project, application ?? null],
  );
  return rows.map(({ uid }) => uid);
}

/** Reads what going back rests on. Whoever is about to write holds the locks of these applications. */
export async function readRollbackFacts(
  transaction: Transaction,
  applications: readonly string[],
  now: Date,
): Promise<RollbackFacts> {
  const facts = await readFacts(transaction, applications, now);
  const runs = Map.groupBy(await readRuns(transaction, applications), ({ application }) => application);
  const states = Map.groupBy(await readNow(transaction, applications), ({ application }) => application);
  return {
    applications: Array.from(facts, ([uid, delivery]): ApplicationHistory => ({
      delivery,
      runs: (runs.get(uid) ?? []).map(runOf),
      now: new Map((states.get(uid) ?? []).map((state) => [state.uid, nowOf(state)])),
    })),
  };
}

interface RunRow extends Pick<RunFacts, 'target' | 'release' | 'at' | 'health'> {
  readonly application: string;
  readonly until: Date | null;
  readonly healthy_at: Date | null;
}

/** Of each target what was applied on it and what became of that, without what retention has taken. */
function readRuns(transaction: Transaction, applications: readonly string[]): Promise<RunRow[]> {
  return transaction.query<RunRow>(
    `SELECT own.application, target, deployment.release, at, lead(at) OVER (PARTITION BY target ORDER BY at) AS until,
       health, healthy_at
     FROM deployment JOIN target own ON own.uid = target
     WHERE own.application = ANY($1) AND gone_generation IS NULL`,
    [applications],
  );
}

function runOf({ target, release, at, health, until, healthy_at: healthyAt }: RunRow): RunFacts {
  return { target, release, at, health, ...(until && { until }), ...(healthyAt && { healthyAt }) };
}

interface NowRow {
  readonly application: string;
  readonly uid: string;
  readonly health: HealthStatus;
  readonly suspended: string | null;
  readonly irreversible: readonly string[];
}

/** The health of another release than the one that is ordered says nothing: such a target is still on its way. */
function readNow(transaction: Transaction, applications: readonly string[]): Promise<NowRow[]> {
  return transaction.query<NowRow>(
    `SELECT application, uid, CASE WHEN status.release = target.release THEN health ELSE 'Unknown' END AS health,
       CASE WHEN reason ->> 'code' = 'Suspended' THEN reason ->> 'message' END AS suspended,
       ARRAY(SELECT (resource ->> 'kind') || ' ' || (resource ->> 'name') FROM jsonb_array_elements(detail.resources) resource
         WHERE resource ->> 'kind' IN ('CustomResourceDefinition', 'PersistentVolumeClaim')) AS irreversible
     FROM target JOIN target_status status ON status.target = uid LEFT JOIN target_detail detail ON detail.target = uid
     WHERE application = ANY($1) AND gone_generation IS NULL`,
    [applications],
  );
}

function nowOf({ health, irreversible, suspended }: NowRow): TargetNow {
  return { health, irreversible, ...(suspended !== null && { suspended }) };
}
