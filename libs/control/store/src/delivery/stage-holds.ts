import {
  decideHold,
  decideUnhold,
  heldText,
  type ApplicationFacts,
  type DeliveryFacts,
  type Held,
  type HoldFacts,
  type HoldOrder,
  type OrderGiver,
  type Unheld,
  type UnholdOrder,
} from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import { systemActor, type Actor, type LedgerAction } from '@flotilla/model';
import type { Transaction } from '../transaction.ts';
import { byApplication, type OfApplication } from './by-application.ts';

/** What people hold of these applications' stages, by application. */
export async function readHolds(
  transaction: Transaction,
  applications: readonly string[],
): Promise<ReadonlyMap<string, readonly HoldFacts[]>> {
  const rows = await transaction.query<HoldRow>(
    `SELECT application, uid, environment, digest, release, revision, who, reason, at, expires_at AS "expiresAt"
     FROM stage_hold WHERE application = ANY($1) ORDER BY at`,
    [applications],
  );
  return byApplication(rows, holdOf);
}

function holdOf({ digest, release, revision, expiresAt, ...hold }: Omit<HoldRow, 'application'>): HoldFacts {
  return {
    ...hold,
    ...(digest !== '' && { digest }),
    ...(release !== null && { release }),
    ...(revision !== null && { revision }),
    ...(expiresAt && { expiresAt }),
  };
}

interface HoldRow extends Pick<HoldFacts, 'uid' | 'environment' | 'who' | 'reason' | 'at'>, OfApplication {
  /** Empty of a stage that is held as a whole. */
  readonly digest: string;
  readonly release: string | null;
  readonly revision: string | null;
  readonly expiresAt: Date | null;
}

interface Ordered<Order> {
  readonly facts: DeliveryFacts;
  readonly order: Order;
  readonly by: OrderGiver;
}

/** Holds a stage, or one release in it. What was held so before, and is over, gives its place. */
export async function writeHold(
  transaction: Transaction,
  { facts, order, by, uid }: Ordered<HoldOrder> & { readonly uid: string },
): Promise<Held> {
  const { release, digest = '', expiresAt } = decideHold(facts, order);
  const { application } = facts;
  const { environment, reason } = order;
  await transaction.query(
    `INSERT INTO stage_hold (uid, project, application, application_name, environment, digest, release, revision, who, reason,
       at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (application, environment, digest) DO UPDATE SET uid = excluded.uid, release = excluded.release,
       revision = excluded.revision, who = excluded.who, reason = excluded.reason, at = excluded.at,
       expires_at = excluded.expires_at`,
    [
      uid,
      application.project,
      application.uid,
      application.name,
      environment,
      digest,
      release?.uid ?? null,
      release?.revision ?? null,
      by.name,
      reason,
      facts.now,
      expiresAt ?? null,
    ],
  );
  const until = expiresAt && isoTime(expiresAt.getTime());
  const what = heldText({ environment, ...(release && { revision: release.revision }) });
  const message = `${application.name}: nothing goes past ${what}${until ? ` until ${until}` : ''}: ${reason}`;
  record(transaction, application, { actor: by, action: 'stage.hold', message });
  return {
    hold: uid,
    ...(release && { release: release.uid, revision: release.revision }),
    ...(until && { expiresAt: until }),
  };
}

/** Ends the holds of a stage, or that on one release. */
export async function endHolds(transaction: Transaction, { facts, order, by }: Ordered<UnholdOrder>): Promise<Unheld> {
  const ended = decideUnhold(facts, order);
  await remove(transaction, ended);
  for (const hold of ended) {
    const message = `${facts.application.name}: ${heldText(hold)}, which ${hold.who} held, goes on: ${order.reason}`;
    record(transaction, facts.application, { actor: by, action: 'stage.unhold', message });
  }
  return { holds: ended.map(({ uid }) => uid) };
}

/** Takes away what came to its end by itself, and says so. */
export async function endLapsed(
  transaction: Transaction,
  application: ApplicationFacts,
  lapsed: readonly HoldFacts[],
): Promise<void> {
  if (lapsed.length === 0) return;
  await remove(transaction, lapsed);
  for (const hold of lapsed) {
    const message = `${application.name}: ${heldText(hold)}, which ${hold.who} held, goes on: it was held for so long`;
    record(transaction, application, { actor: systemActor('delivery'), action: 'stage.unhold', message });
  }
}

async function remove(transaction: Transaction, holds: readonly HoldFacts[]): Promise<void> {
  await transaction.query('DELETE FROM stage_hold WHERE uid = ANY($1)', [holds.map(({ uid }) => uid)]);
}

function record(
  transaction: Transaction,
  { project, name }: ApplicationFacts,
  line: { readonly actor: Actor; readonly action: LedgerAction; readonly message: string },
): void {
  transaction.record({ project, subject: `Application ${project}/${name}`, ...line });
}
