import {
  freezesOver,
  frozenWaves,
  judgeWaves,
  writersOf,
  type ApprovalFacts,
  type RolloutContext,
  type GateFacts,
  type ReleaseFacts,
  type WebAnswer,
} from '@flotilla/control-delivery';
import { freezeInTheWay, type BreakGlass, type EntryFreeze, type Labels, type ProjectDocument } from '@flotilla/model';
import { answerColumns, answerOf, type AnswerRow } from '../delivery/question-tables.ts';
import { readFreezes } from '../delivery/read-facts.ts';
import { readAuthors } from '../delivery/read-authors.ts';
import { readNeighbours } from '../delivery/read-promotion.ts';
import type { RolloutRow } from '../rows/rollout.row.ts';
import type { Transaction } from '../transaction.ts';
import type { KnownCourse } from './read-course.ts';

/** A rollout with what the gates of its waves say, and by what they were judged. */
export interface JudgedCourse extends KnownCourse {
  readonly context?: RolloutContext;
}

/** A rollout with what the gates of its waves say now. Nothing is read where no wave has any, as of what goes back. */
export async function withVerdicts(
  transaction: Transaction,
  rollout: RolloutRow,
  { known, now }: { readonly known: KnownCourse; readonly now: Date },
): Promise<JudgedCourse> {
  const { course, steps } = known;
  if (!course.waves.some(({ gates }) => gates)) return known;
  const context = await readRolloutContext(transaction, rollout, now);
  const frozen = await readFrozenWaves(transaction, rollout, { known, context });
  return { course: { ...course, verdicts: judgeWaves(course.waves, context, frozen) }, steps, context };
}

/** By what documents say, and not by what targets were told: to some of them nothing was told yet. */
async function readFrozenWaves(
  transaction: Transaction,
  { uid, project, application, environment }: RolloutRow,
  { known, context }: { readonly known: KnownCourse; readonly context: RolloutContext },
): Promise<ReadonlyMap<string, EntryFreeze>> {
  const freezes = await readFreezes(transaction, project);
  if (freezes.length === 0) return new Map();
  const rows = await transaction.query<{ uid: string; labels: Labels; glass: BreakGlass | null }>(
    `SELECT cluster.uid, labels, (SELECT entry -> 'breakGlass' FROM target WHERE application = $2 AND environment = $3
       AND target.cluster = cluster.uid AND gone_generation IS NULL) AS glass
     FROM rollout_step step JOIN cluster ON cluster.uid = step.cluster WHERE rollout = $1`,
    [uid, application, environment],
  );
  const found = new Map(rows.map((row) => [row.uid, row]));
  const { now, release } = context;
  const asked = known.steps.filter(({ skipped }) => !skipped);
  const members = asked.map(({ cluster, wave }) => {
    const { labels = {}, glass = null } = found.get(cluster) ?? {};
    const order = { sourceDigest: release.digests[environment] ?? '', ...(glass && { breakGlass: glass }) };
    const over = freezesOver({ ...context, freezes }, { environment, labels });
    return { wave: known.course.waves[wave]!.name, freeze: freezeInTheWay(order, over, now.getTime()) };
  });
  return frozenWaves(members);
}

/** Reads it, for a moment. */
export async function readRolloutContext(
  transaction: Transaction,
  rollout: RolloutRow,
  now: Date,
): Promise<RolloutContext> {
  const { application, applicationName: name, environment, revision, release: uid } = rollout;
  const releases = await readReleasesUpTo(transaction, rollout);
  const authors = await readAuthors(transaction, application, releases);
  return {
    now,
    application: { name },
    environment,
    release: { uid, revision, digests: releases[0]?.digests ?? {} },
    writers: writersOf(environment, { releases, authors }),
    facts: await readGateFacts(transaction, rollout),
  };
}

type ReleaseReading = Pick<ReleaseFacts, 'revision' | 'digests'>;

/** The release of a rollout, and those that came before it. */
function readReleasesUpTo(
  transaction: Transaction,
  { application, release }: RolloutRow,
): Promise<readonly ReleaseReading[]> {
  return transaction.query<ReleaseReading>(
    `SELECT revision, digests FROM release
     WHERE application = $1 AND created_at <= (SELECT created_at FROM release WHERE uid = $2)
     ORDER BY uid = $2 DESC, created_at DESC LIMIT 50`,
    [application, release],
  );
}

async function readGateFacts(transaction: Transaction, rollout: RolloutRow): Promise<GateFacts> {
  const { uid, project, strategy } = rollout;
  const [owner] = await transaction.query<{ spec: ProjectDocument['spec'] }>(
    `SELECT spec FROM document WHERE kind = 'Project' AND project = $1`,
    [project],
  );
  const gates = strategy?.waves.flatMap((wave) => wave.gates ?? []) ?? [];
  return {
    approvals: await transaction.query<ApprovalFacts>(
      `SELECT environment, wave, digest, who, at, expires_at AS "expiresAt" FROM approval
       WHERE application = $1 AND rollout = $2 AND wave IS NOT NULL ORDER BY at`,
      [rollout.application, uid],
    ),
    groups: owner?.spec.groups ?? {},
    neighbours: await readNeighbours(transaction, project, gates),
    answers: await readWaveAnswers(transaction, uid),
  };
}

/** What somebody outside was asked about the waves of a rollout, and said. */
async function readWaveAnswers(transaction: Transaction, rollout: string): Promise<readonly WebAnswer[]> {
  const rows = await transaction.query<AnswerRow>(
    `SELECT wave, ${answerColumns} FROM wave_question WHERE rollout = $1 ORDER BY since`,
    [rollout],
  );
  return rows.map(answerOf);
}
