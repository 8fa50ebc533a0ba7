import type {
  ApplicationFacts,
  ClusterFacts,
  DeliveryFacts,
  FreezeFacts,
  HoldFacts,
  PinTurn,
  ReleaseFacts,
  GitRecord,
  StageStanding,
  TargetFacts,
  WebAnswer,
} from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import type { Quarantine } from '@flotilla/model';
import { In } from 'typeorm';
import { DocumentRow } from '../rows/document.row.ts';
import { RemovalOrderRow } from '../rows/target.row.ts';
import type { Transaction } from '../transaction.ts';
import { byApplication, type OfApplication } from './by-application.ts';
import { readAnswers } from './stage-questions.ts';
import { readAuthored, type Authored } from './read-authored.ts';
import { readAwaited, readPromotion, readStandings } from './read-promotion.ts';
import { readRollouts, type EnteredEnvironment, type RolloutFacts } from './read-rollouts.ts';
import { isOpen } from '../rollouts/open-rollouts.ts';
import { readAdmissions, type Admissions } from '../rollouts/read-admissions.ts';
import { readRecords } from './stage-records.ts';
import { readHolds } from './stage-holds.ts';
import { readHeads, stagesOf, type Heads } from './read-stages.ts';

/**
 * Reads everything that plans for these applications rest on, each kind of fact of all of them in one statement. An
 * application of which nothing is left has no facts.
 */
export async function readFacts(
  transaction: Transaction,
  uids: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, DeliveryFacts>> {
  await holdDocuments(transaction, uids);
  const rows = await transaction.manager.findBy(DocumentRow, { uid: In([...uids]), kind: 'Application' });
  const targets = await readTargets(transaction, uids);
  const authored = await readAuthored(transaction, rows);
  const rollouts = await readRollouts(transaction, uids, authored.flatMap(enteredBy));
  const admissions = await readAdmissions(transaction, rollouts);
  const read: ReadFacts = {
    authored: new Map(authored.map((each) => [each.application.uid, each])),
    heads: await readHeads(transaction, authored),
    targets,
    rollouts: Map.groupBy(rollouts, ({ application }) => application),
    admissions,
    releases: await readReleases(transaction, uids, [
      ...rollouts.map(({ release }) => release),
      ...[...admissions.values()].flatMap(({ finished }) => finished ?? []),
      ...(await readAwaited(transaction, authored)),
    ]),
    standings: await readStandings(transaction, uids),
    answers: await readAnswers(transaction, uids),
    records: await readRecords(transaction, uids),
    holds: await readHolds(transaction, uids),
    projects: new Map(),
    quarantine: await readQuarantine(transaction, uids),
  };
  const facts = new Map<string, DeliveryFacts>();
  for (const uid of uids) {
    const known = await factsOf(transaction, uid, read);
    if (known) facts.set(uid, { now, ...known });
  }
  return facts;
}

/** What applications of one project share. */
type ProjectFacts = Pick<DeliveryFacts, 'clusters' | 'freezes'>;

/** What was read of all applications together, by application, and what those of each project share. */
interface ReadFacts {
  readonly authored: ReadonlyMap<string, Authored>;
  readonly heads: Heads;
  readonly targets: ReadonlyMap<string, readonly TargetFacts[]>;
  readonly rollouts: ReadonlyMap<string, readonly RolloutFacts[]>;
  readonly releases: ReadonlyMap<string, readonly ReleaseFacts[]>;
  readonly standings: ReadonlyMap<string, readonly StageStanding[]>;
  readonly answers: ReadonlyMap<string, readonly WebAnswer[]>;
  readonly records: ReadonlyMap<string, readonly GitRecord[]>;
  readonly holds: ReadonlyMap<string, readonly HoldFacts[]>;
  readonly projects: Map<string, ProjectFacts>;
  readonly admissions: Admissions;
  readonly quarantine: ReadonlyMap<string, readonly Quarantine[]>;
}

async function factsOf(
  transaction: Transaction,
  uid: string,
  read: ReadFacts,
): Promise<Omit<DeliveryFacts, 'now'> | undefined> {
  const { heads, projects, admissions } = read;
  const authored = read.authored.get(uid);
  const targets = read.targets.get(uid) ?? [];
  const rollouts = read.rollouts.get(uid) ?? [];
  const application = authored?.application ?? (await remainsOf(transaction, uid, { targets, rollouts }));
  if (!application) return undefined;
  const { project } = application;
  const shared = projects.get(project) ?? (await readProject(transaction, project, isSpreadByFacts(read)));
  projects.set(project, shared);
  const releases = read.releases.get(uid) ?? [];
  const said = {
    standings: read.standings.get(uid) ?? [],
    answers: read.answers.get(uid) ?? [],
    records: read.records.get(uid) ?? [],
    holds: read.holds.get(uid) ?? [],
  };
  const promotion = await readPromotion(transaction, uid, { authored, releases, said });
  return {
    application,
    stages: authored ? stagesOf(authored, { heads, rollouts, admissions }) : [],
    ...shared,
    targets,
    releases,
    quarantine: read.quarantine.get(uid) ?? [],
    running: rollouts.flatMap(({ rollout, environment, running }) => (running ? [{ rollout, environment }] : [])),
    ...(promotion && { promotion }),
  };
}

function enteredBy({ application: { uid: application }, inputs }: Authored): EnteredEnvironment[] {
  return inputs.map(({ environment }) => ({ application, environment }));
}

/** A deleted application is known by what it leaves behind, and by the person who wanted that. */
async function remainsOf(
  transaction: Transaction,
  uid: string,
  { targets, rollouts }: { targets: readonly TargetFacts[]; rollouts: readonly RolloutFacts[] },
): Promise<ApplicationFacts | undefined> {
  const [target] = targets;
  const [rollout] = rollouts;
  const named = target ? { project: target.entry.project, name: target.entry.application } : rollout;
  if (!named) {
    await transaction.manager.delete(RemovalOrderRow, { application: uid });
    return undefined;
  }
  const order = await transaction.manager.findOneBy(RemovalOrderRow, { application: uid });
  return { uid, project: named.project, name: named.name, ...(order && { deletedBy: order.actor }) };
}

/**
 * Nobody changes the projects' documents while they are read, one statement after another: half of a change, such as a
 * pipeline under a new name, would look as if the application had no environments any more.
 */
async function holdDocuments(transaction: Transaction, applications: readonly string[]): Promise<void> {
  await transaction.query(
    `SELECT pg_advisory_xact_lock_shared(hashtextextended('documents/' || project, 0))
     FROM (SELECT DISTINCT project FROM document WHERE uid = ANY($1) ORDER BY project) AS held`,
    [applications],
  );
}

/** The last fifty of each, and, however many came after it, what each environment runs now, ran last, or waits for. */
async function readReleases(
  transaction: Transaction,
  applications: readonly string[],
  entered: readonly string[],
): Promise<ReadonlyMap<string, readonly ReleaseFacts[]>> {
  const releases = await transaction.query<ReleaseFacts & OfApplication>(
    `SELECT asked.application, release.uid, revision, digests, contents
     FROM unnest($1::text[]) AS asked (application) CROSS JOIN LATERAL (
       SELECT * FROM release WHERE release.application = asked.application AND (uid = ANY($2) OR uid IN
         (SELECT uid FROM release last WHERE last.application = asked.application ORDER BY created_at DESC LIMIT 50))
     ) release ORDER BY created_at DESC`,
    [applications, entered],
  );
  return byApplication(releases, (release) => release);
}

async function readProject(transaction: Transaction, project: string, withFacts: boolean): Promise<ProjectFacts> {
  const clusters = await readClusters(transaction, project, withFacts);
  return { clusters, freezes: await readFreezes(transaction, project) };
}

function readClusters(transaction: Transaction, project: string, withFacts: boolean): Promise<ClusterFacts[]> {
  const columns = withFacts ? 'uid, name, labels, facts' : 'uid, name, labels';
  return transaction.query<ClusterFacts>(`SELECT ${columns} FROM cluster WHERE project = $1`, [project]);
}

/** What agents say of ten thousand clusters is read only where a wave is chosen by it. */
function isSpreadByFacts({ authored }: ReadFacts): boolean {
  return [...authored.values()].some(({ environments }) =>
    [...environments.values()].some(({ rollout }) => rollout?.waves?.some(({ spreadBy }) => spreadBy === 'facts')),
  );
}

/** Who changed a freeze last answers for it; it stands since it was first set. */
export async function readFreezes(transaction: Transaction, project: string): Promise<FreezeFacts[]> {
  const rows = await transaction.manager.findBy(DocumentRow, { project, kind: 'Freeze' });
  return rows.map(({ name, spec, changedBy, createdAt }) => ({
    name,
    spec: spec as FreezeFacts['spec'],
    by: changedBy,
    since: isoTime(createdAt.getTime()),
  }));
}

async function readQuarantine(
  transaction: Transaction,
  applications: readonly string[],
): Promise<ReadonlyMap<string, readonly Quarantine[]>> {
  const refused = await transaction.query<Quarantine & OfApplication>(
    `SELECT application, digest, actor AS by, reason FROM quarantine WHERE application = ANY($1) ORDER BY digest`,
    [applications],
  );
  return byApplication(refused, (each) => each);
}

/** Over the rows of `target`, of one that is pinned: whether its turn has come, while the rollback is under way. */
const turnOfPin = `SELECT CASE WHEN admitted_at IS NULL THEN 'waits' ELSE 'taken' END AS turn
  FROM rollout_step JOIN rollout ON rollout.uid = rollout_step.rollout
  WHERE rollout_step.rollout = target.pin ->> 'rollout' AND rollout_step.cluster = target.cluster AND ${isOpen}`;

async function readTargets(
  transaction: Transaction,
  applications: readonly string[],
): Promise<ReadonlyMap<string, readonly TargetFacts[]>> {
  const targets = await transaction.query<TargetFactsRow>(
    `SELECT application, target.uid, environment, target.cluster, entry, on_remove AS "onRemove", pin, turn, last_good,
       coalesce(status.gone AND status.generation = target.generation AND intent <> 'run', false) AS gone,
       NOT EXISTS (SELECT FROM cluster WHERE cluster.uid = target.cluster) AS forgotten
     FROM target LEFT JOIN target_status status ON status.target = target.uid
       LEFT JOIN LATERAL (${turnOfPin}) step ON true
     WHERE application = ANY($1) AND gone_generation IS NULL`,
    [applications],
  );
  return byApplication(targets, ({ pin, turn, last_good: lastGood, ...target }) => ({
    ...target,
    ...(pin && { pin }),
    ...(turn && { turn }),
    ...(lastGood && { lastGood }),
  }));
}

interface TargetFactsRow extends Omit<TargetFacts, 'pin' | 'turn' | 'lastGood'>, OfApplication {
  readonly pin: TargetFacts['pin'] | null;
  readonly turn: PinTurn | null;
  readonly last_good: string | null;
}
