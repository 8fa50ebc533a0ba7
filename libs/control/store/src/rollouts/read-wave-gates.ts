import {
  judgeWaves,
  writersOf,
  type ApprovalFacts,
  type Author,
  type GateFacts,
  type ReleaseFacts,
  type WaveQuestion,
} from '@flotilla/control-delivery';
import type { ProjectDocument } from '@flotilla/model';
import { readNeighbours } from '../delivery/read-promotion.ts';
import type { RolloutRow } from '../rows/rollout.row.ts';
import type { Transaction } from '../transaction.ts';
import type { KnownCourse } from './read-course.ts';

/** A rollout with what the gates of its waves say now. Nothing is read where no wave has any, as of what goes back. */
export async function withVerdicts(
  transaction: Transaction,
  rollout: RolloutRow,
  { known, now }: { readonly known: KnownCourse; readonly now: Date },
): Promise<KnownCourse> {
  const { course, steps } = known;
  if (!course.waves.some(({ gates }) => gates)) return known;
  const question = await readWaveQuestion(transaction, rollout, now);
  return { course: { ...course, verdicts: judgeWaves(course.waves, question) }, steps };
}

/** All that gates before waves of a rollout may ask about. */
export async function readWaveQuestion(
  transaction: Transaction,
  rollout: RolloutRow,
  now: Date,
): Promise<WaveQuestion & { readonly release: { readonly uid: string } }> {
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

async function readAuthors(
  transaction: Transaction,
  application: string,
  releases: readonly ReleaseReading[],
): Promise<Readonly<Record<string, Author>>> {
  const rows = await transaction.query<Author & { readonly commit: string }>(
    `SELECT commit, author AS name, author_email AS email FROM document application
     JOIN document repository ON repository.project = application.project AND repository.kind = 'Repository'
       AND repository.name = application.spec -> 'source' ->> 'repository'
     JOIN revision ON revision.repository = repository.uid AND revision.commit = ANY($2)
     WHERE application.uid = $1`,
    [application, releases.map(({ revision }) => revision)],
  );
  return Object.fromEntries(rows.map(({ commit, ...author }) => [commit, author]));
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
    answers: [],
  };
}
