import {
  decideWaveApproval,
  decideWaveOverride,
  rolloutMissing,
  type Approved,
  type GatedRollout,
  type OrderGiver,
  type Overridden,
  type WaveApproval,
  type WaveOrder,
  type WaveOverride,
} from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import { placeText, shortCommit, type LedgerAction } from '@flotilla/model';
import { carryOutOnce } from '../delivery/carry-out-once.ts';
import { writeApproval } from '../delivery/write-approval.ts';
import type { RolloutRow } from '../rows/rollout.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { isOpen } from './open-rollouts.ts';
import { readCourse, type KnownCourse } from './read-course.ts';
import { readRolloutContext } from './read-wave-gates.ts';
import { lockOpenRollout } from './steer-stored-rollout.ts';
import { saveWaveQuestions } from './wave-questions.ts';

/** A rollout that is held for a decision about one of its waves, with what would begin there. */
interface HeldRollout {
  readonly rollout: RolloutRow;
  readonly gated: GatedRollout;
  readonly digest: string;
}

/** Writes down that a person agrees to one wave of the rollout that is under way; whoever ends it first is first. */
export function approveWave(store: Store, order: WaveApproval, by: OrderGiver): Promise<Approved> {
  return carryOutOnWave(store, { order, by }, async (transaction, { rollout, gated, digest }) => {
    const until = decideWaveApproval(gated, order, by.name);
    const { project, application, applicationName, environment, release, revision } = rollout;
    const { wave } = order;
    const uid = store.ids.next();
    const place = { project, application, applicationName, environment, release, digest, rollout: rollout.uid, wave };
    await writeApproval(transaction, { uid, ...place, who: by.name, at: gated.now, expiresAt: until });
    const message = `for ${placeText(environment, wave)}, source digest ${digest.slice(0, 12)}`;
    tell(transaction, rollout, { by, action: 'approval.give', message });
    return { approval: uid, release, revision, digest, wave, expiresAt: isoTime(until.getTime()) };
  });
}

/** Writes down that a person does without the word of those who are asked before one wave of it. */
export function overrideWave(store: Store, order: WaveOverride, by: OrderGiver): Promise<Overridden> {
  return carryOutOnWave(store, { order, by }, async (transaction, { rollout, gated, digest }) => {
    const { asked, gates, expiresAt } = decideWaveOverride(gated, order);
    const { environment, release, revision } = rollout;
    const { wave, reason } = order;
    const { ids } = store;
    await saveWaveQuestions(transaction, { rollout, digest, asked, ids }, { state: 'Overridden', reason, expiresAt });
    const message = `before ${placeText(environment, wave)} without ${gates.join(', ')}: ${reason}`;
    tell(transaction, rollout, { by, action: 'gate.override', message });
    return { release, revision, digest, gates, wave, expiresAt: isoTime(expiresAt.getTime()) };
  });
}

interface Decision {
  readonly order: WaveOrder & { readonly project: string };
  readonly by: OrderGiver;
}

/** Under the lock of the rollout, once per request; the rollout is looked at afterwards. */
function carryOutOnWave<Answer>(
  store: Store,
  { order, by }: Decision,
  decide: (transaction: Transaction, held: HeldRollout) => Promise<Answer>,
): Promise<Answer> {
  const now = store.now();
  return store.transact((transaction) =>
    carryOutOnce(transaction, by.request, async () => {
      const rollout = await holdRollout(transaction, order);
      const context = await readRolloutContext(transaction, rollout, now);
      const waves = wavesOf(await readCourse(transaction, rollout, now));
      const digest = context.release.digests[rollout.environment]!;
      const answer = await decide(transaction, { rollout, gated: { ...context, waves }, digest });
      transaction.mark('rollout', [rollout.uid]);
      transaction.changed('rollout', rollout.project, [rollout.uid]);
      return answer;
    }),
  );
}

interface Told {
  readonly by: OrderGiver;
  readonly action: LedgerAction;
  readonly message: string;
}

function tell(
  transaction: Transaction,
  { project, applicationName, revision }: RolloutRow,
  { by, action, message }: Told,
): void {
  transaction.record({
    project,
    actor: by,
    action,
    subject: `Application ${project}/${applicationName}`,
    message: `${applicationName} ${shortCommit(revision)} ${message}`,
  });
}

/** What goes back asks nobody, so it is never what is meant. */
async function holdRollout(transaction: Transaction, order: Decision['order']): Promise<RolloutRow> {
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

function wavesOf({ course: { waves, begun } }: KnownCourse): GatedRollout['waves'] {
  return waves.map(({ name, gates }) => ({ name, ...(gates && { gates }), hasBegun: begun.has(name) }));
}
