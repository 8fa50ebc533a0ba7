import { clusterEvidence, phased, type HeldTurn, type RolloutWaveRecord } from '@flotilla/control-delivery';
import { freezeText, isOpenRollout, type EntryFreeze, type Reason } from '@flotilla/model';
import { RolloutRow } from '../rows/rollout.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { isOpen } from './open-rollouts.ts';
import { withVerdicts } from './read-wave-gates.ts';
import { readCourse, type KnownCourse, type KnownStep } from './read-course.ts';

/** Who is where in a rollout, wave by wave; nothing where everybody was admitted at once. */
export function readRolloutWaves(store: Store, uid: string): Promise<readonly RolloutWaveRecord[]> {
  return store.transact(async (transaction) => {
    const rollout = await transaction.manager.findOneBy(RolloutRow, { uid });
    if (!rollout?.strategy) return [];
    const frozen = await readFrozen(transaction, rollout);
    const now = store.now();
    const known = await withVerdicts(transaction, rollout, { known: await readCourse(transaction, rollout, now), now });
    return wavesOf(known, { frozen, now: now.getTime() });
  });
}

interface Moment {
  readonly now: number;
  /** Why nothing is sent to a cluster, by its uid. */
  readonly frozen: ReadonlyMap<string, Reason>;
}

/** Targets that freezes hold: what was admitted there is not sent. */
async function readFrozen(
  transaction: Transaction,
  { application, environment }: RolloutRow,
): Promise<ReadonlyMap<string, Reason>> {
  const rows = await transaction.query<{ cluster: string; freeze: EntryFreeze }>(
    `SELECT cluster, entry -> 'frozen' -> 0 AS freeze FROM target
     WHERE application = $1 AND environment = $2 AND gone_generation IS NULL AND entry ? 'frozen'`,
    [application, environment],
  );
  return new Map(rows.map(({ cluster, freeze }) => [cluster, { code: 'Frozen', message: freezeText(freeze) }]));
}

function wavesOf({ course, steps }: KnownCourse, moment: Moment): RolloutWaveRecord[] {
  return course.waves.map(({ name, uncovered, minSuccessMs }, wave) => ({
    name,
    ...(uncovered && { uncovered }),
    ...waitsOf(name, { course, steps: steps.filter((step) => step.wave === wave) }),
    members: steps
      .filter((step) => step.wave === wave)
      .map((step) => memberOf(step, { minSuccessMs, deadlineMs: course.deadlineMs }, moment)),
  }));
}

/** What still has to let a wave begin; nothing of one that has begun, or of a rollout that is over. */
function waitsOf(name: string, { course, steps }: KnownCourse): Pick<RolloutWaveRecord, 'waits'> {
  const { waits = [] } = course.verdicts?.get(name) ?? {};
  const isAsked = isOpenRollout(course.state) && !steps.some(({ admittedAt }) => admittedAt !== undefined);
  return isAsked && waits.length > 0 ? { waits } : {};
}

function memberOf(step: KnownStep, limits: Parameters<typeof phased>[1], { now, frozen }: Moment) {
  const { phase, until } = phased(clusterEvidence(step), limits, now);
  const reason = reasonOf(step, frozen);
  return {
    cluster: step.name,
    phase,
    ...(reason && phase !== 'Done' && { reason }),
    ...(until !== undefined && { until: new Date(until) }),
  };
}

/** A freeze that keeps it from going back is one at any time; nothing else is before its turn. */
function reasonOf({ cluster, admittedAt, isTold, isFrozen, said }: KnownStep, frozen: Moment['frozen']) {
  if (isFrozen) return frozen.get(cluster);
  if (admittedAt === undefined) return undefined;
  return said?.reason ?? (isTold ? undefined : frozen.get(cluster));
}

type TurnRow = Omit<HeldTurn, 'blocked' | 'since' | 'nextLook'> & {
  readonly blocked: Reason | null;
  readonly since: Date | null;
  /** PostgreSQL's `infinity` comes as a number: nothing but a person brings it back. */
  readonly due: Date | number | null;
};

/** Over the rows of `rollout`: nothing entered after it. Who goes back enters nothing. */
const isNewest = `NOT EXISTS (SELECT FROM rollout newer WHERE newer.application = rollout.application
  AND newer.environment = rollout.environment AND newer.cause <> 'rollback' AND newer.created_at > rollout.created_at)`;

/**
 * The rollout in waves that a target does not take the release of yet, or that is halted although it did; who was passed
 * by is told so for as long as nothing newer has entered.
 */
export async function readHeldTurn(store: Store, target: string): Promise<HeldTurn | undefined> {
  const [row] = await store.query<TurnRow>(
    `SELECT rollout.application_name AS application, rollout.environment, revision, state, skipped,
       rollout.release = target.release AS "isTaken", cause = 'rollback' AS "isBack", blocked, blocked_since AS since, work.due_at AS due,
       coalesce(strategy -> 'waves' -> step.wave ->> 'name', '') AS wave
     FROM target JOIN rollout ON rollout.application = target.application AND rollout.environment = target.environment
       AND strategy IS NOT NULL AND (rollout.release <> target.release OR state = 'Halted')
         AND (cause <> 'rollback' OR pin ->> 'rollout' = rollout.uid)
     JOIN rollout_step step ON step.rollout = rollout.uid AND step.cluster = target.cluster
       AND (${isOpen} OR (skipped AND state = 'Finished' AND ${isNewest}))
     LEFT JOIN work ON work.kind = 'rollout' AND work.key = rollout.uid
     WHERE target.uid = $1 ORDER BY rollout.created_at DESC LIMIT 1`,
    [target],
  );
  if (!row) return undefined;
  const { blocked, since, due, ...turn } = row;
  const nextLook = due instanceof Date ? { nextLook: due } : {};
  return { ...turn, ...(blocked && { blocked }), ...(since && { since }), ...nextLook };
}
