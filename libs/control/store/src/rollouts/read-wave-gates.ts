import {
  judgeWaves,
  type ApprovalFacts,
  type Author,
  type GateFacts,
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
  const { applicationName: name, environment, revision, release: uid } = rollout;
  const [release] = await transaction.query<{ digests: Record<string, string> }>(
    'SELECT digests FROM release WHERE uid = $1',
    [uid],
  );
  const facts = await readGateFacts(transaction, rollout);
  return {
    now,
    application: { name },
    environment,
    release: { uid, revision, digests: release?.digests ?? {} },
    facts,
  };
}

async function readGateFacts(transaction: Transaction, rollout: RolloutRow): Promise<GateFacts> {
  const { uid, project, revision, strategy } = rollout;
  const [owner] = await transaction.query<{ spec: ProjectDocument['spec'] }>(
    `SELECT spec FROM document WHERE kind = 'Project' AND project = $1`,
    [project],
  );
  const author = await readAuthor(transaction, rollout);
  const gates = strategy?.waves.flatMap((wave) => wave.gates ?? []) ?? [];
  return {
    approvals: await transaction.query<ApprovalFacts>(
      `SELECT environment, wave, digest, who, at, expires_at AS "expiresAt" FROM approval
       WHERE application = $1 AND rollout = $2 AND wave IS NOT NULL ORDER BY at`,
      [rollout.application, uid],
    ),
    groups: owner?.spec.groups ?? {},
    authors: author ? { [revision]: author } : {},
    neighbours: await readNeighbours(transaction, project, gates),
    answers: [],
  };
}

async function readAuthor(
  transaction: Transaction,
  { application, revision }: RolloutRow,
): Promise<Author | undefined> {
  const [author] = await transaction.query<Author>(
    `SELECT author AS name, author_email AS email FROM document application
     JOIN document repository ON repository.project = application.project AND repository.kind = 'Repository'
       AND repository.name = application.spec -> 'source' ->> 'repository'
     JOIN revision ON revision.repository = repository.uid AND revision.commit = $2
     WHERE application.uid = $1`,
    [application, revision],
  );
  return author;
}
