import {
  advanceRollout,
  clusterEvidence,
  deadlineNotes,
  isHeldUp,
  phased,
  type PhasedCluster,
  type RolloutProgress,
} from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import { isOpenRollout, type Reason } from '@flotilla/model';
import { RolloutRow } from '../rows/rollout.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { readCourse, type KnownCourse } from './read-course.ts';
import { withVerdicts } from './read-wave-gates.ts';
import { askBeforeWaves } from './wave-questions.ts';
import { recordAdvance, type WrittenAdvance } from './record-advance.ts';

/** Nobody says when we hear again, and whoever is well already has nothing more to say. */
const deafLookMs = 10_000;

/**
 * Looks at a rollout that goes in waves: admits whoever has its turn, and writes down why nobody has. A plan is asked for
 * only where that changes what somebody runs.
 */
export async function lookAtWaves(
  transaction: Transaction,
  uid: string,
  store: Pick<Store, 'now' | 'ids'>,
): Promise<RolloutProgress | undefined> {
  const now = store.now();
  // Whoever looks or steers at the same moment waits, and then reads what was written here.
  const [rollout] = await transaction.manager.find(RolloutRow, { where: { uid }, lock: { mode: 'pessimistic_write' } });
  if (!rollout || !isOpenRollout(rollout.state)) return undefined;
  const known = await readCourse(transaction, rollout, now);
  if (rollout.cause === 'rollback' && known.steps.length === 0) return endLifted(transaction, rollout);
  // Nothing that we do not hear is anybody's failure, or success.
  if (known.steps.some(({ connection }) => connection === 'Deaf'))
    return { ...progressOf(rollout, known, now), lookAgainMs: deafLookMs };
  const judged = await withVerdicts(transaction, rollout, { known, now });
  const advance = advanceRollout(judged.course, known.steps.map(clusterEvidence), now.getTime());
  const written = { rollout, known: judged, advance, now };
  await askBeforeWaves(transaction, written, store.ids);
  await writeAdvance(transaction, written);
  const { nextLook } = advance;
  const lookAgain = nextLook === undefined ? {} : { lookAgainMs: Math.max(0, nextLook - now.getTime()) };
  return { ...progressOf(rollout, known, now), ...lookAgain };
}

/**
 * Nobody is held by it any more: its targets went on before its end, some of them after they had gone back. Those count by
 * what they run: the release by which Git was mended has the same content, under a name of its own.
 */
async function endLifted(transaction: Transaction, rollout: RolloutRow): Promise<undefined> {
  const { uid, project, application, environment, release } = rollout;
  await transaction.query(
    `UPDATE rollout SET state = 'Superseded', blocked = NULL, blocked_since = NULL, finished_at = now(),
       total = went.total, arrived = went.arrived
     FROM (SELECT count(*)::int AS total, count(*) FILTER (WHERE status.source_digest =
         (SELECT digests ->> $3 FROM release WHERE uid = $4)
         AND status.sync = 'Synced' AND status.health = 'Healthy' AND admitted_at IS NOT NULL)::int AS arrived
       FROM rollout_step step LEFT JOIN target ON target.application = $2 AND target.environment = $3
         AND target.cluster = step.cluster AND gone_generation IS NULL
       LEFT JOIN target_status status ON status.target = target.uid WHERE step.rollout = $1 AND NOT skipped) went
     WHERE uid = $1`,
    [uid, application, environment, release],
  );
  transaction.changed('rollout', project, [uid]);
  transaction.mark('plan', [application]);
}

async function writeAdvance(transaction: Transaction, written: WrittenAdvance): Promise<void> {
  const { rollout, known, advance } = written;
  await admit(transaction, written);
  await noteForDeadlines(transaction, written);
  recordAdvance(transaction, written);
  const { state, wave } = advance;
  const blocked = standingReason(written);
  const isNews = state !== rollout.state || wave !== rollout.wave || blocked?.message !== rollout.blocked?.message;
  if (!isNews) return;
  await writeState(transaction, written);
  if (state === 'Halted' && state !== rollout.state && known.course.onFailure)
    transaction.mark('rollback', [rollout.uid]);
  transaction.changed('rollout', rollout.project, [rollout.uid]);
  // Something newer may wait for it, and whoever was away or joined gets what finished.
  if (state !== rollout.state) transaction.mark('plan', [rollout.application]);
}

/** What deadlines ask about. */
async function noteForDeadlines(
  transaction: Transaction,
  { rollout, known, advance, now }: WrittenAdvance,
): Promise<void> {
  const { deadlineMs } = known.course;
  if (deadlineMs === undefined || advance.state === 'Finished') return;
  const heldUp = known.steps.filter(isHeldUp).map(({ cluster }) => cluster);
  const { anew, well, unsettled } = deadlineNotes(phasesOf(known, now), { heldUp, deadlineMs, now: now.getTime() });
  await markSteps(transaction, { rollout, clusters: anew, column: 'held_at', at: now });
  await markSteps(transaction, { rollout, clusters: well, column: 'well_at', at: now });
  await markSteps(transaction, { rollout, clusters: unsettled, column: 'well_at', at: null });
}

async function admit(transaction: Transaction, { rollout, advance, now }: WrittenAdvance): Promise<void> {
  const { admit: clusters } = advance;
  if (clusters.length === 0) return;
  await markSteps(transaction, { rollout, clusters, column: 'admitted_at', at: now });
  transaction.mark('plan', [rollout.application]);
  transaction.changed('rollout', rollout.project, [rollout.uid]);
}

interface MarkedSteps {
  readonly rollout: RolloutRow;
  readonly clusters: readonly string[];
  readonly column: 'admitted_at' | 'held_at' | 'well_at';
  readonly at: Date | null;
}

async function markSteps(transaction: Transaction, { rollout, clusters, column, at }: MarkedSteps): Promise<void> {
  if (clusters.length === 0) return;
  await transaction.query(`UPDATE rollout_step SET ${column} = $3 WHERE rollout = $1 AND cluster = ANY($2)`, [
    rollout.uid,
    clusters,
    at && isoTime(at.getTime()),
  ]);
}

/** Why nobody is admitted; why it was halted stays to be read while it is. */
function standingReason({ rollout, advance }: Pick<WrittenAdvance, 'rollout' | 'advance'>): Reason | null | undefined {
  return advance.blocked ?? (advance.state === 'Halted' ? rollout.blocked : undefined);
}

/** A halted rollout goes on being looked at: it is finished once everything in it is well all the same. */
async function writeState(transaction: Transaction, { rollout, known, advance, now }: WrittenAdvance): Promise<void> {
  const { state, wave } = advance;
  const blocked = standingReason({ rollout, advance });
  const isOver = state === 'Finished';
  const { total, arrived } = progressOf(rollout, known, now);
  await transaction.query(
    `UPDATE rollout SET state = $2, wave = $3, blocked = $4::jsonb,
       blocked_since = CASE WHEN $4::jsonb IS NULL THEN NULL WHEN blocked ->> 'code' = $4::jsonb ->> 'code' THEN blocked_since
         ELSE now() END,
       finished_at = CASE WHEN $5 THEN now() END, total = CASE WHEN $5 THEN $6::int END, arrived = CASE WHEN $5 THEN $7::int END
     WHERE uid = $1`,
    [rollout.uid, state, wave, blocked ? JSON.stringify(blocked) : null, isOver, total, arrived],
  );
  if (isOver) await rememberAsGood(transaction, { rollout, known, now });
}

/** The release is good where it is well, and nowhere else. */
async function rememberAsGood(
  transaction: Transaction,
  { rollout, known, now }: Pick<WrittenAdvance, 'rollout' | 'known' | 'now'>,
): Promise<void> {
  const { application, environment, release } = rollout;
  const well = phasesOf(known, now).flatMap(({ cluster, phase }) => (phase === 'Done' ? [cluster] : []));
  await transaction.query(
    `UPDATE target SET last_good = $3 WHERE application = $1 AND environment = $2 AND release = $3 AND cluster = ANY($4)`,
    [application, environment, release, well],
  );
}

function progressOf(rollout: RolloutRow, known: KnownCourse, now: Date): RolloutProgress {
  const arrived = phasesOf(known, now).filter(({ phase }) => phase === 'Done').length;
  const { applicationName: application, environment } = rollout;
  return { application, environment, total: known.steps.length, arrived };
}

/** Where every cluster of a rollout is. */
export function phasesOf({ course, steps }: KnownCourse, now: Date): readonly PhasedCluster[] {
  return steps.map((step) => {
    const { minSuccessMs } = course.waves[step.wave]!;
    return phased(clusterEvidence(step), { minSuccessMs, deadlineMs: course.deadlineMs }, now.getTime());
  });
}
