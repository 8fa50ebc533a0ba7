import type { OrderGiver, PlannedRollback, RollbackMark, RollbackOrder } from '@flotilla/control-delivery';
import { shortCommit } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import type { Transaction } from '../transaction.ts';

/** What of an order is kept. */
export interface WrittenOrder extends Pick<RollbackOrder, 'project' | 'reason' | 'to' | 'selection'> {
  /** The failed rollout that it answers, where it is nobody's order. */
  readonly answers?: string;
}

interface RollbackToWrite {
  readonly order: WrittenOrder;
  readonly mark: RollbackMark;
  readonly planned: readonly PlannedRollback[];
  readonly by: OrderGiver;
}

/** The intent itself, and its lines in the ledger: one, and one more where it breaks the glass. */
export async function writeRollback(
  transaction: Transaction,
  { order, mark, planned, by }: RollbackToWrite,
): Promise<void> {
  const { project, reason, to, selection, answers } = order;
  await transaction.query(
    `INSERT INTO rollback (uid, project, actor, reason, goal, selection, answers, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())`,
    [mark.rollback, project, mark.by, reason, to, jsonText(selection), answers ?? null],
  );
  const ways = planned.flatMap(({ places }) =>
    places.map(({ place }) => {
      const { history, environment, to: way } = place;
      return `${history.delivery.application.name} in ${environment} to ${shortCommit(way!.release.revision)}`;
    }),
  );
  const named =
    ways.slice(0, namedMax).join(', ') + (ways.length > namedMax ? ` and ${ways.length - namedMax} more` : '');
  const targets = planned.reduce((sum, { pins }) => sum + pins.size, 0);
  const message = `goes back on ${targets} targets (${named}): ${reason}`;
  transaction.record({
    project,
    actor: by,
    action: 'rollback.order',
    subject: `Rollback ${project}/${mark.rollback}`,
    message,
  });
  const [glass] = planned.flatMap(({ pins }) => [...pins.values()].flatMap((pin) => pin.breakGlass ?? []));
  if (!glass) return;
  transaction.record({
    project,
    actor: by,
    action: 'breakglass.rollback',
    subject: `Rollback ${project}/${mark.rollback}`,
    message: `what it goes back to passes the freezes that stand until ${glass.expires}: ${reason}`,
  });
}

const namedMax = 5;

export async function writePins(transaction: Transaction, planned: readonly PlannedRollback[]): Promise<void> {
  const pins = planned.flatMap((each) => [...each.pins].map(([target, pin]) => ({ target, pin })));
  await transaction.query(
    `UPDATE target SET pin = pinned.pin FROM jsonb_to_recordset($1) AS pinned (target text, pin jsonb)
     WHERE target.uid = pinned.target`,
    [jsonText(pins)],
  );
}

/** What is refused already keeps the reason for which it was. */
export async function writeQuarantine(
  transaction: Transaction,
  planned: readonly PlannedRollback[],
  { mark, by }: Pick<RollbackToWrite, 'mark' | 'by'>,
): Promise<void> {
  for (const { facts, refused } of planned) {
    const { uid, project, name } = facts.application;
    const added = await transaction.query<{ digest: string }>(
      `INSERT INTO quarantine (application, digest, project, application_name, actor, reason, at)
       SELECT $1, digest, $2, $3, $4, $5, now() FROM unnest($6::text[]) AS refused (digest)
       ON CONFLICT DO NOTHING RETURNING digest`,
      [uid, project, name, mark.by, mark.reason, refused],
    );
    for (const { digest } of added) {
      const subject = `Application ${project}/${name}`;
      const message = `${digest.slice(0, 12)} enters nowhere any more: ${mark.reason}`;
      transaction.record({ project, actor: by, action: 'quarantine.add', subject, message });
    }
  }
}
