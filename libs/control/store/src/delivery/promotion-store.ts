import {
  decideApproval,
  decideOverride,
  decidePromotion,
  stageMissing,
  type ApprovalOrder,
  type ApproveOrder,
  type Approved,
  type DeliveryFacts,
  type OrderGiver,
  type Held,
  type HoldOrder,
  type Overridden,
  type OverrideOrder,
  type PromoteOrder,
  type Promoted,
  type PromotionRecord,
  type Unheld,
  type UnholdOrder,
} from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import { DocumentRow } from '../rows/document.row.ts';
import { PromotionRow } from '../rows/promotion.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { approveWave, overrideWave } from '../rollouts/carry-out-wave-order.ts';
import { carryOutOnce } from './carry-out-once.ts';
import { saveStageQuestions } from './stage-questions.ts';
import { lockApplications } from './lock-applications.ts';
import { readFacts } from './read-facts.ts';
import { endHolds, writeHold } from './stage-holds.ts';
import { writeApproval } from './write-approval.ts';

/** Orders to promote and approvals in PostgreSQL. */
export class PromotionStore implements PromotionRecord {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  promote(order: PromoteOrder, by: OrderGiver): Promise<Promoted> {
    return this.#carryOut(order, by, (transaction, facts) => this.#promote(transaction, facts, { order, by }));
  }

  approve({ wave, ...order }: ApprovalOrder, by: OrderGiver): Promise<Approved> {
    if (wave !== undefined) return approveWave(this.#store, { ...order, wave }, by);
    return this.#carryOut(order, by, (transaction, facts) => this.#approve(transaction, facts, { order, by }));
  }

  override({ wave, ...order }: OverrideOrder, by: OrderGiver): Promise<Overridden> {
    if (wave !== undefined) return overrideWave(this.#store, { ...order, wave }, by);
    return this.#carryOut(order, by, (transaction, facts) => this.#override(transaction, facts, { order, by }));
  }

  hold(order: HoldOrder, by: OrderGiver): Promise<Held> {
    return this.#carryOut(order, by, (transaction, facts) => {
      return writeHold(transaction, { facts, order, by, uid: this.#store.ids.next() });
    });
  }

  unhold(order: UnholdOrder, by: OrderGiver): Promise<Unheld> {
    return this.#carryOut(order, by, (transaction, facts) => endHolds(transaction, { facts, order, by }));
  }

  /** Under the planner's own lock: what is decided here rests on what the last plan wrote, and the next one reads it. */
  #carryOut<Answer>(
    order: ApproveOrder,
    by: OrderGiver,
    decide: (transaction: Transaction, facts: DeliveryFacts) => Promise<Answer>,
  ): Promise<Answer> {
    return this.#store.transact((transaction) =>
      carryOutOnce(transaction, by.request, async () => {
        const { project, application: name } = order;
        const row = await transaction.manager.findOneBy(DocumentRow, { project, kind: 'Application', name });
        if (!row) throw stageMissing(order);
        await lockApplications(transaction, [row.uid]);
        const known = await readFacts(transaction, [row.uid], this.#store.now());
        const facts = known.get(row.uid);
        if (!facts) throw stageMissing(order);
        const answer = await decide(transaction, facts);
        transaction.mark('plan', [row.uid]);
        return answer;
      }),
    );
  }

  async #promote(
    transaction: Transaction,
    facts: DeliveryFacts,
    { order, by }: { readonly order: PromoteOrder; readonly by: OrderGiver },
  ): Promise<Promoted> {
    const { candidate, same, replaces } = decidePromotion(facts, order, by.name);
    const { release, revision, digest } = candidate;
    const [replaced] = replaces;
    const promotion = same?.uid ?? this.#store.ids.next();
    if (!same) {
      await endReplaced(
        transaction,
        replaces.map(({ uid }) => uid),
      );
      const { reason, instead } = order;
      const row = { ...placeOf(facts, order), uid: promotion, release, who: by.name, reason, instead, at: facts.now };
      await transaction.manager.insert(PromotionRow, row);
      const place = replaced && replaced.release !== release ? `, in place of what ${replaced.who} promoted` : '';
      const message = `${order.application} ${shortCommit(revision)} to ${order.environment}${place}: ${reason}`;
      transaction.record({ ...subjectOf(order), actor: by, action: 'release.promote', message });
    }
    return { promotion, release, revision, digest, ...(replaced && { replaced: replaced.who }) };
  }

  async #approve(
    transaction: Transaction,
    facts: DeliveryFacts,
    { order, by }: { readonly order: ApproveOrder; readonly by: OrderGiver },
  ): Promise<Approved> {
    const { candidate, expiresAt } = decideApproval(facts, order, by.name);
    const { release, revision, digest } = candidate;
    const uid = this.#store.ids.next();
    const row = { ...placeOf(facts, order), uid, release, digest, who: by.name, at: facts.now, expiresAt };
    await writeApproval(transaction, row);
    const message = `${order.application} ${shortCommit(revision)} for ${order.environment}, source digest ${digest.slice(0, 12)}`;
    transaction.record({ ...subjectOf(order), actor: by, action: 'approval.give', message });
    return { approval: uid, release, revision, digest, expiresAt: isoTime(expiresAt.getTime()) };
  }

  async #override(
    transaction: Transaction,
    facts: DeliveryFacts,
    { order, by }: { readonly order: OverrideOrder; readonly by: OrderGiver },
  ): Promise<Overridden> {
    const { candidate, questions, gates, expiresAt } = decideOverride(facts, order);
    const { release, revision, digest } = candidate;
    const named = questions.map((question) => ({ uid: this.#store.ids.next(), ...question }));
    const { reason } = order;
    await saveStageQuestions(transaction, facts.application, named, { state: 'Overridden', reason, expiresAt });
    const message = `${order.application} ${shortCommit(revision)} before ${order.environment} without ${gates.join(', ')}: ${reason}`;
    transaction.record({ ...subjectOf(order), actor: by, action: 'gate.override', message });
    return { release, revision, digest, gates, expiresAt: isoTime(expiresAt.getTime()) };
  }
}

async function endReplaced(transaction: Transaction, uids: readonly string[]): Promise<void> {
  if (uids.length === 0) return;
  await transaction.query(`UPDATE promotion SET ended_at = now(), outcome = 'Replaced' WHERE uid = ANY($1)`, [uids]);
}

function placeOf({ application: { uid, project, name } }: DeliveryFacts, { environment }: ApproveOrder) {
  return { project, application: uid, applicationName: name, environment };
}

function subjectOf({ project, application }: ApproveOrder) {
  return { project, subject: `Application ${project}/${application}` };
}
