import {
  forwardRefusal,
  type AnswerDecisions,
  type OrderGiver,
  type RollbackDecisions,
  type RollbackFacts,
  type RollbackMark,
  type RollbackOrder,
  type RollbackRecord,
  type SelectedTarget,
  type UnpinOrder,
} from '@flotilla/control-delivery';
import { Fault, isoTime } from '@flotilla/foundation';
import { actorText } from '@flotilla/model';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { answerFailure } from './answer-failure.ts';
import { carryOutOnce } from './carry-out-once.ts';
import { carryOutRollback } from './carry-out-rollback.ts';
import { lockApplications } from './lock-applications.ts';
import { readFacts } from './read-facts.ts';
import { applicationsMeant, readRollbackFacts } from './read-rollback-facts.ts';

/** Rollbacks, pins and quarantine in PostgreSQL. */
export class RollbackStore implements RollbackRecord {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  rollbackFacts({ project, selection }: Pick<RollbackOrder, 'project' | 'selection'>): Promise<RollbackFacts> {
    return this.#store.transact(async (transaction) =>
      readRollbackFacts(transaction, await applicationsMeant(transaction, project, selection), this.#store.now()),
    );
  }

  rollBack(order: RollbackOrder, decisions: RollbackDecisions, by: OrderGiver): Promise<string> {
    return this.#store.transact((transaction) =>
      carryOutOnce(transaction, by.request, () => this.#rollBack(transaction, { order, decisions, by })),
    );
  }

  answerFailure(rollout: string, decisions: AnswerDecisions): Promise<string | undefined> {
    const { ids } = this.#store;
    return this.#store.transact((transaction) =>
      answerFailure(transaction, { rollout, decisions, ids, now: this.#store.now() }),
    );
  }

  unpin(order: UnpinOrder, by: OrderGiver): Promise<readonly SelectedTarget[]> {
    return this.#store.transact((transaction) =>
      carryOutOnce(transaction, by.request, () => this.#unpin(transaction, order, by)),
    );
  }

  liftQuarantine(
    { project, application, digest, reason }: Parameters<RollbackRecord['liftQuarantine']>[0],
    by: OrderGiver,
  ): Promise<readonly string[]> {
    return this.#store.transact((transaction) =>
      carryOutOnce(transaction, by.request, async () => {
        const lifted = await transaction.query<{ application: string; digest: string }>(
          `DELETE FROM quarantine WHERE project = $1 AND application_name = $2 AND starts_with(digest, $3)
           RETURNING application, digest`,
          [project, application, digest],
        );
        if (lifted.length === 0) throw notQuarantined(application, digest);
        const subject = `Application ${project}/${application}`;
        for (const each of lifted) {
          const message = `${each.digest.slice(0, 12)} may enter again: ${reason}`;
          transaction.record({ project, actor: by, action: 'quarantine.lift', subject, message });
        }
        transaction.mark(
          'plan',
          lifted.map((each) => each.application),
        );
        return lifted.map((each) => each.digest);
      }),
    );
  }

  async #rollBack(transaction: Transaction, { order, decisions, by }: Ordered): Promise<string> {
    const applications = await applicationsMeant(transaction, order.project, order.selection);
    await lockApplications(transaction, applications);
    const facts = await readRollbackFacts(transaction, applications, this.#store.now());
    const mark: RollbackMark = {
      rollback: this.#store.ids.next(),
      by: actorText(by),
      reason: order.reason,
      since: isoTime(this.#store.now().getTime()),
      ...(order.runHooks && { runHooks: true }),
    };
    const planned = decisions.plan(decisions.resolve(facts), mark);
    return carryOutRollback(transaction, { order, mark, planned, by });
  }

  async #unpin(
    transaction: Transaction,
    { selection, forward, reason }: UnpinOrder,
    by: OrderGiver,
  ): Promise<readonly SelectedTarget[]> {
    const { project, application, environment, cluster } = selection;
    const uids = await applicationsMeant(transaction, project, { application });
    await lockApplications(transaction, uids);
    const pinned = await transaction.query<PinnedRow>(
      `SELECT target.uid, application, application_name || '.' || environment || '.' || cluster.name AS name
       FROM target JOIN cluster ON cluster.uid = target.cluster
       WHERE target.project = $1 AND pin IS NOT NULL AND gone_generation IS NULL AND ($2::text IS NULL OR application_name = $2)
         AND ($3::text IS NULL OR environment = $3) AND ($4::text IS NULL OR cluster.name = $4) ORDER BY name`,
      [project, application ?? null, environment ?? null, cluster ?? null],
    );
    if (forward) await this.#checkForward(transaction, pinned);
    await transaction.query(`UPDATE target SET pin = NULL WHERE uid = ANY($1)`, [pinned.map(({ uid }) => uid)]);
    for (const { name } of pinned) {
      const message = `${forward ? 'goes on to what is newer' : 'is held no more'}: ${reason}`;
      transaction.record({ project, actor: by, action: 'pin.lift', subject: `Target ${project}/${name}`, message });
    }
    transaction.mark(
      'plan',
      pinned.map((row) => row.application),
    );
    return pinned.map(({ uid, name }) => ({ uid, name }));
  }

  async #checkForward(transaction: Transaction, pinned: readonly PinnedRow[]): Promise<void> {
    const applications = [...new Set(pinned.map((row) => row.application))];
    const targets = new Set(pinned.map(({ uid }) => uid));
    for (const facts of (await readFacts(transaction, applications, this.#store.now())).values()) {
      const refusal = forwardRefusal(facts, targets);
      if (refusal) throw refusal;
    }
  }
}

interface Ordered {
  readonly order: RollbackOrder;
  readonly decisions: RollbackDecisions;
  readonly by: OrderGiver;
}

interface PinnedRow extends SelectedTarget {
  readonly application: string;
}

function notQuarantined(application: string, digest: string): Fault {
  const message = `nothing of ${application} that begins with ${digest} is in quarantine; list what is with: flotilla get quarantine`;
  return new Fault({ code: 'not-found', reason: 'NotQuarantined', message });
}
