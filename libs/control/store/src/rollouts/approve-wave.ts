import {
  decideWaveApproval,
  rolloutMissing,
  type Approved,
  type OrderGiver,
  type WaveApproval,
} from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import { carryOutOnce } from '../delivery/carry-out-once.ts';
import { writeApproval } from '../delivery/write-approval.ts';
import type { RolloutRow } from '../rows/rollout.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { isOpen } from './open-rollouts.ts';
import { readCourse, type KnownCourse } from './read-course.ts';
import { readWaveQuestion } from './read-wave-gates.ts';
import { lockOpenRollout } from './steer-stored-rollout.ts';

interface Given {
  readonly order: WaveApproval;
  readonly by: OrderGiver;
  readonly uid: string;
  readonly now: Date;
}

/** Writes down that a person agrees to one wave of the rollout that is under way; whoever ends it first is first. */
export function approveWave(store: Store, order: WaveApproval, by: OrderGiver): Promise<Approved> {
  const given = { order, by, uid: store.ids.next(), now: store.now() };
  return store.transact((transaction) => carryOutOnce(transaction, by.request, () => approve(transaction, given)));
}

async function approve(transaction: Transaction, { order, by, uid, now }: Given): Promise<Approved> {
  const rollout = await holdRollout(transaction, order);
  const question = await readWaveQuestion(transaction, rollout, now);
  const waves = wavesOf(await readCourse(transaction, rollout, now));
  const until = decideWaveApproval({ ...question, waves }, order, by.name);
  const { project, application, applicationName, environment, release, revision } = rollout;
  const digest = question.release.digests[environment]!;
  const { wave } = order;
  const place = { project, application, applicationName, environment, release, digest, rollout: rollout.uid, wave };
  await writeApproval(transaction, { uid, ...place, who: by.name, at: now, expiresAt: until });
  transaction.record({
    project,
    actor: by,
    action: 'approval.give',
    subject: `Application ${project}/${applicationName}`,
    message: `${applicationName} ${shortCommit(revision)} for wave ${wave} of ${environment}, source digest ${digest.slice(0, 12)}`,
  });
  transaction.mark('rollout', [rollout.uid]);
  transaction.changed('rollout', project, [rollout.uid]);
  return { approval: uid, release, revision, digest, wave, expiresAt: isoTime(until.getTime()) };
}

/** What goes back asks nobody, so it is never what is meant. */
async function holdRollout(transaction: Transaction, order: WaveApproval): Promise<RolloutRow> {
  const { project, application, environment } = order;
  const [found] = await transaction.query<{ uid: string; application: string }>(
    `SELECT uid, application FROM rollout WHERE project = $1 AND application_name = $2 AND environment = $3
       AND strategy IS NOT NULL AND cause <> 'rollback' AND ${isOpen} ORDER BY created_at DESC LIMIT 1`,
    [project, application, environment],
  );
  const rollout = found && (await lockOpenRollout(transaction, found));
  if (!rollout) throw rolloutMissing(application, environment);
  return rollout;
}

function wavesOf({ course, steps }: KnownCourse) {
  const begun = new Set(steps.flatMap(({ wave, admittedAt }) => (admittedAt === undefined ? [] : [wave])));
  return course.waves.map(({ name, gates }, wave) => ({ name, ...(gates && { gates }), hasBegun: begun.has(wave) }));
}
