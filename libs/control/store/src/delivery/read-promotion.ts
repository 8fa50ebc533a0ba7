import type {
  ApprovalFacts,
  NeighbourFacts,
  PastRollout,
  PromotionFacts,
  PromotionOrder,
  ReleaseFacts,
  StageStanding,
} from '@flotilla/control-delivery';
import type { Gate } from '@flotilla/model';
import type { Transaction } from '../transaction.ts';
import { byApplication, type OfApplication } from './by-application.ts';
import { readAuthors } from './read-authors.ts';
import type { Authored } from './read-authored.ts';

interface Known {
  readonly authored: Authored | undefined;
  readonly releases: readonly ReleaseFacts[];
  /** What was read of all applications together. */
  readonly said: Pick<PromotionFacts, 'standings' | 'answers' | 'records' | 'holds'>;
}

/** What promotion rests on; nothing where no stage comes after others, and none did when the application was planned last. */
export async function readPromotion(
  transaction: Transaction,
  application: string,
  { authored, releases, said }: Known,
): Promise<PromotionFacts | undefined> {
  if (!authored || authored.following.size === 0) {
    if (said.standings.length === 0) return undefined;
    // What nobody follows any more ends its orders in the plan that takes its standings away.
    return { ...nothing, ...said, orders: await readOrders(transaction, application) };
  }
  return {
    past: await readPast(transaction, application, releases),
    approvals: await transaction.query<ApprovalFacts>(
      `SELECT environment, digest, who, at, expires_at AS "expiresAt" FROM approval
       WHERE application = $1 AND wave IS NULL AND expires_at > now() ORDER BY at`,
      [application],
    ),
    orders: await readOrders(transaction, application),
    groups: authored.groups,
    authors: await readAuthors(transaction, application, releases),
    neighbours: await readNeighbours(transaction, authored.application.project, gatesOf(authored)),
    ...said,
  };
}

const nothing: PromotionFacts = {
  past: [],
  approvals: [],
  orders: [],
  groups: {},
  authors: {},
  neighbours: [],
  answers: [],
  records: [],
  holds: [],
  standings: [],
};

/** What was last found out of the stages of these applications, by application. */
export async function readStandings(
  transaction: Transaction,
  applications: readonly string[],
): Promise<ReadonlyMap<string, readonly StageStanding[]>> {
  const rows = await transaction.query<OfApplication & { readonly standing: StageStanding }>(
    'SELECT application, standing FROM stage WHERE application = ANY($1)',
    [applications],
  );
  return byApplication(rows, ({ standing }) => standing);
}

/**
 * Releases that stages may wait for, however many came after them: what finished last in an environment, and what was
 * ordered. Nothing is asked of applications of which no stage comes after others.
 */
export async function readAwaited(transaction: Transaction, authored: readonly Authored[]): Promise<readonly string[]> {
  const places = authored
    .filter(({ following }) => following.size > 0)
    .flatMap(({ application: { uid }, inputs }) => inputs.map(({ environment }) => ({ uid, environment })));
  if (places.length === 0) return [];
  const rows = await transaction.query<{ release: string }>(
    `SELECT last.release FROM unnest($1::text[], $2::text[]) AS asked (application, environment) CROSS JOIN LATERAL (
       SELECT release FROM rollout WHERE rollout.application = asked.application AND rollout.environment = asked.environment
         AND state = 'Finished' AND NOT partial ORDER BY created_at DESC LIMIT 1) last
     UNION SELECT release FROM promotion WHERE application = ANY($1) AND ended_at IS NULL`,
    [places.map(({ uid }) => uid), places.map(({ environment }) => environment)],
  );
  return rows.map(({ release }) => release);
}

function readOrders(transaction: Transaction, application: string): Promise<PromotionOrder[]> {
  return transaction.query<PromotionOrder>(
    `SELECT uid, environment, release, who, at, instead FROM promotion
     WHERE application = $1 AND ended_at IS NULL ORDER BY at DESC`,
    [application],
  );
}

/** Over the rows of `rollout`, of one that finished and was not followed yet: since when its targets are well, if they are. */
export const wellSince = `(SELECT CASE WHEN bool_or(status.health = 'Degraded') THEN NULL
    ELSE greatest(rollout.finished_at, max(status.degraded_at)) END
  FROM target LEFT JOIN target_status status ON status.target = target.uid
  WHERE target.application = rollout.application AND target.environment = rollout.environment
    AND target.release = rollout.release AND intent = 'run' AND gone_generation IS NULL)`;

/** What goes in waves says itself when it fails: it is halted then, and until then it may yet become well. */
const failing = `EXISTS (SELECT FROM target JOIN target_status status ON status.target = target.uid
  WHERE target.application = rollout.application AND target.environment = rollout.environment
    AND target.release = rollout.release AND status.release = rollout.release AND status.health = 'Degraded'
    AND intent = 'run' AND gone_generation IS NULL)`;

type PastRow = Omit<PastRollout, 'finishedAt' | 'wellSince' | 'forNobody'> & {
  readonly finishedAt: Date | null;
  readonly wellSince: Date | null;
  readonly forNobody: boolean | null;
};

/**
 * What an environment runs now is a known release, so the newest rollout of those is the newest there. What was taken back
 * on some of its clusters only is still what it runs.
 */
async function readPast(
  transaction: Transaction,
  application: string,
  releases: readonly ReleaseFacts[],
): Promise<PastRollout[]> {
  const rows = await transaction.query<PastRow>(
    `SELECT environment, release, cause, state, created_at AS "beganAt", finished_at AS "finishedAt",
       CASE WHEN state <> 'Finished' THEN NULL WHEN place = 1 THEN ${wellSince} ELSE well_since END AS "wellSince",
       state = 'Finished' AND cause <> 'rollback' AND arrived = 0 AS "forNobody",
       state = 'Halted' OR state = 'Running' AND strategy IS NULL AND ${failing} AS failing
     FROM (SELECT *, row_number() OVER (PARTITION BY environment ORDER BY created_at DESC) AS place
           FROM rollout WHERE application = $1 AND release = ANY($2) AND NOT partial) rollout
     ORDER BY created_at DESC`,
    [application, releases.map(({ uid }) => uid)],
  );
  return rows.map(({ finishedAt, wellSince: since, forNobody, ...rollout }) => ({
    ...rollout,
    ...(forNobody && { forNobody }),
    ...(finishedAt && { finishedAt }),
    ...(since && { wellSince: since }),
  }));
}

function gatesOf({ following }: Authored): readonly Gate[] {
  return [...following.values()].flatMap(({ gates }) => gates);
}

/** How the applications are that these gates wait for. */
export async function readNeighbours(
  transaction: Transaction,
  project: string,
  gates: readonly Gate[],
): Promise<NeighbourFacts[]> {
  const asked = gates.flatMap(({ dependency }) => dependency ?? []);
  if (asked.length === 0) return [];
  const rows = await transaction.query<NeighbourFacts & { since: Date | null }>(
    `SELECT asked.application, asked.environment, last.state = 'Finished' AS arrived, last.degraded,
       coalesce(last.finished_at, last.created_at) AS since
     FROM unnest($2::text[], $3::text[]) AS asked (application, environment)
     JOIN document ON document.project = $1 AND document.kind = 'Application' AND document.name = asked.application
     CROSS JOIN LATERAL (SELECT rollout.*, state = 'Finished' AND ${wellSince} IS NULL AS degraded
       FROM rollout WHERE rollout.application = document.uid AND rollout.environment = asked.environment AND NOT partial
       ORDER BY created_at DESC LIMIT 1) last`,
    [project, asked.map(({ application }) => application), asked.map(({ environment }) => environment)],
  );
  return rows.map(({ since, ...neighbour }) => ({ ...neighbour, ...(since && { since }) }));
}
