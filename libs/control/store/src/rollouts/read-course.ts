import type { RolloutCourse, StepFacts, StepSaid } from '@flotilla/control-delivery';
import {
  isInForce,
  matchesLabels,
  type Connection,
  type EnvironmentDocument,
  type Labels,
  type Reason,
} from '@flotilla/model';
import { connection } from '../readers/connection.ts';
import type { RolloutRow } from '../rows/rollout.row.ts';
import type { Transaction } from '../transaction.ts';

/** A rollout in waves with all that is known of its clusters. */
export interface KnownCourse {
  readonly course: RolloutCourse & Required<Pick<RolloutCourse, 'begun'>>;
  readonly steps: readonly KnownStep[];
}

export interface KnownStep extends StepFacts {
  readonly name: string;
  readonly labels: Labels;
  readonly wave: number;
}

interface StepRow {
  readonly cluster: string;
  readonly name: string | null;
  readonly labels: Labels | null;
  readonly wave: number;
  readonly admitted_at: Date | null;
  readonly skipped: boolean;
  readonly forgiven: boolean;
  readonly held_at: Date | null;
  readonly well_at: Date | null;
  readonly connection: Connection;
  readonly last_seen_at: Date | null;
  readonly connected_since: Date | null;
  readonly told: boolean;
  readonly pinned: boolean;
  /** A freeze stands over it, with the end of the glass that was broken there, if any; asked where it goes back. */
  readonly frozen: { readonly glass: unknown } | null;
  readonly let_go: boolean;
  readonly said: SaidRow | null;
}

type SaidRow = Omit<StepSaid, 'reason' | 'reportedAt'> & {
  readonly reason: Reason | null;
  readonly reportedAt: string;
};

const isPlaced = `target.application = $2 AND target.environment = $3 AND target.cluster = step.cluster
    AND intent = 'run' AND gone_generation IS NULL`;
const isThere = `${isPlaced} AND target.release = $4`;

/** Of a target that is to run the release, what was last said; of any other nothing that is said counts. */
const said = `SELECT jsonb_build_object('isWanted', status.generation = target.generation,
    'isApplied', status.release = target.release, 'isSuspended', target.entry ? 'suspended', 'sync', status.sync,
    'health', status.health, 'reason', status.reason, 'reportedAt', status.reported_at)
  FROM target JOIN target_status status ON status.target = target.uid
  WHERE ${isThere}`;

/**
 * Reads how a rollout goes and what is known of its clusters; those that left its environment are not there any more, nor
 * is who was let go from what a rollback holds him at.
 */
export async function readCourse(transaction: Transaction, rollout: RolloutRow, now: Date): Promise<KnownCourse> {
  const { uid, application, environment, release, strategy, state, cause } = rollout;
  const rows = await transaction.query<StepRow>(
    `SELECT step.cluster, cluster.name, cluster.labels, step.wave, admitted_at, skipped, forgiven, held_at, well_at,
       ${connection} AS connection, last_seen_at, connected_since, EXISTS (SELECT FROM target WHERE ${isThere}) AS told,
       EXISTS (SELECT FROM target WHERE ${isPlaced} AND target.release <> $4 AND pin ->> 'rollout' <> $1) AS pinned,
       $5 AND NOT EXISTS (SELECT FROM target WHERE ${isPlaced} AND pin ->> 'rollout' = $1) AS let_go,
       (SELECT jsonb_build_object('glass', entry #> '{breakGlass,expires}') FROM target
         WHERE $5 AND ${isPlaced} AND entry ? 'frozen') AS frozen,
       (${said}) AS said
     FROM rollout_step step LEFT JOIN cluster ON cluster.uid = step.cluster
     LEFT JOIN liveness ON liveness.cluster = step.cluster WHERE rollout = $1 ORDER BY step.wave, place`,
    [uid, application, environment, release, cause === 'rollback'],
  );
  const selector = await readSelector(transaction, rollout);
  const isMember = (labels: Labels | null) => labels && (!selector || matchesLabels(selector, labels));
  const there = rows.filter((row) => isMember(row.labels) && !row.let_go);
  const members = Map.groupBy(rows, ({ wave }) => wave);
  const waves = strategy!.waves.map((wave, index) => {
    return { ...wave, clusters: (members.get(index) ?? []).map(({ cluster }) => cluster) };
  });
  const begun = new Set(rows.flatMap(({ wave, admitted_at: at }) => (at ? [waves[wave]!.name] : [])));
  return { course: { ...strategy!, waves, state, begun }, steps: there.map((row) => stepOf(row, now)) };
}

async function readSelector(
  transaction: Transaction,
  { project, environment }: RolloutRow,
): Promise<EnvironmentDocument['spec']['clusters'] | undefined> {
  const [found] = await transaction.query<{ clusters: EnvironmentDocument['spec']['clusters'] }>(
    `SELECT spec -> 'clusters' AS clusters FROM document WHERE kind = 'Environment' AND project = $1 AND name = $2`,
    [project, environment],
  );
  return found?.clusters;
}

function stepOf(row: StepRow, now: Date): KnownStep {
  const { cluster, name, wave, skipped, forgiven } = row;
  const times = {
    admittedAt: row.admitted_at,
    heldAt: row.held_at,
    wellAt: row.well_at,
    lastSeenAt: row.last_seen_at,
    connectedSince: row.connected_since,
  };
  const known = Object.entries(times).flatMap(([field, at]) => (at ? [[field, at.getTime()] as const] : []));
  return {
    cluster,
    name: name ?? cluster,
    labels: row.labels ?? {},
    wave,
    skipped,
    forgiven,
    connection: row.connection,
    isTold: row.told,
    ...(row.pinned && { isPinned: true }),
    ...(isStopped(row, now) && { isFrozen: true }),
    ...Object.fromEntries(known),
    ...(row.said && { said: saidOf(row.said) }),
  };
}

/** A freeze holds back who has not gone back, unless the glass is broken there and a plan is about to tell him. */
function isStopped({ frozen, said: heard }: StepRow, now: Date): boolean {
  if (!frozen || heard?.isApplied) return false;
  const { glass } = frozen;
  return typeof glass !== 'string' || !isInForce({ expires: glass }, now.getTime());
}

function saidOf({ reason, reportedAt, ...row }: SaidRow): StepSaid {
  return { ...row, ...(reason && { reason }), reportedAt: Date.parse(reportedAt) };
}
