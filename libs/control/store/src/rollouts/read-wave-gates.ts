import {
  freezesOver,
  frozenWaves,
  judgeWaves,
  mayBegin,
  writersOf,
  type ApprovalFacts,
  type RolloutContext,
  type GateFacts,
  type ReleaseFacts,
  type WebAnswer,
} from '@flotilla/control-delivery';
import { freezeInTheWay, type BreakGlass, type EntryFreeze, type ProjectDocument } from '@flotilla/model';
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
  { project, application, environment }: RolloutRow,
  { known, context }: { readonly known: KnownCourse; readonly context: RolloutContext },
): Promise<ReadonlyMap<string, EntryFreeze>> {
  const { waves, begun } = known.course;
  const waiting = known.steps.filter((step) => {
    const { gates, name } = waves[step.wave]!;
    return gates !== undefined && !begun.has(name) && mayBegin(step);
  });
  if (waiting.length === 0) return new Map();
  const freezes = await readFreezes(transaction, project);
  const over = waiting.map(({ labels }) => freezesOver({ ...context, freezes }, { environment, labels }));
  if (over.every((some) => some.length === 0)) return new Map();
  const glasses = await transaction.query<{ cluster: string; glass: BreakGlass }>(
    `SELECT cluster, entry -> 'breakGlass' AS glass FROM target
     WHERE application = $1 AND environment = $2 AND gone_generation IS NULL AND entry ? 'breakGlass'`,
    [application, environment],
  );
  const glassOn = new Map(glasses.map(({ cluster, glass }) => [cluster, glass]));
  const sourceDigest = context.release.digests[environment] ?? '';
  const members = waiting.map(({ cluster, wave }, index) => {
    const order = { sourceDigest, breakGlass: glassOn.get(cluster) };
    return { wave: waves[wave]!.name, freeze: freezeInTheWay(order, over[index]!, context.now.getTime()) };
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
