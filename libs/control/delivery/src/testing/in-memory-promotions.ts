import { countingIds } from '@flotilla/foundation/testing';
import type { OrderGiver } from '../delivery-record.port.ts';
import type { DeliveryFacts, StageFacts } from '../facts.ts';
import type { DeliveryPlan } from '../plan/delivery-plan.ts';
import { decideApproval } from '../promotion/decide-approval.ts';
import { decideHold, decideUnhold } from '../promotion/decide-hold.ts';
import { decideOverride } from '../promotion/decide-override.ts';
import { decidePromotion } from '../promotion/decide-promotion.ts';
import type {
  ApprovalFacts,
  HoldFacts,
  PastRollout,
  PromotionFacts,
  PromotionOrder,
} from '../promotion/promotion-facts.ts';
import type {
  ApproveOrder,
  Approved,
  Held,
  HoldOrder,
  Overridden,
  OverrideOrder,
  PromoteOrder,
  Promoted,
  Unheld,
  UnholdOrder,
} from '../promotion/promotion-record.port.ts';
import type { GitRecord } from '../promotion/stage-records.ts';
import type { StageStanding } from '../promotion/stage-standing.ts';
import type { WebAnswer } from '../promotion/web-answers.ts';
import { InMemoryRequests } from './in-memory-requests.ts';
import { withApproval } from './in-memory-wave-gates.ts';

interface KnownElsewhere extends Pick<PromotionFacts, 'authors' | 'groups'> {
  readonly stages: readonly StageFacts[];
  readonly past: readonly PastRollout[];
}

/** What is kept of one application. */
interface Kept {
  readonly approvals: readonly ApprovalFacts[];
  readonly orders: readonly PromotionOrder[];
  readonly answers: readonly WebAnswer[];
  readonly records: readonly GitRecord[];
  readonly holds: readonly HoldFacts[];
  readonly standings: readonly StageStanding[];
}

const nothing: Kept = { approvals: [], orders: [], answers: [], records: [], holds: [], standings: [] };

/** Orders to promote, approvals and standings in memory: a part of the record of deliveries. */
export class InMemoryPromotions {
  readonly #now: () => Date;
  readonly #ids = countingIds('promotion');
  readonly #kept = new Map<string, Kept>();
  readonly #requests = new InMemoryRequests();

  constructor({ now }: { readonly now: () => Date }) {
    this.#now = now;
  }

  facts(application: string, { stages, ...known }: KnownElsewhere): PromotionFacts | undefined {
    const kept = this.#kept.get(application) ?? nothing;
    const isFollowed = stages.some(({ following }) => following) || kept.standings.length > 0;
    return isFollowed ? { ...known, ...kept, neighbours: [] } : undefined;
  }

  write(application: string, { promotion }: DeliveryPlan): void {
    if (!promotion) return;
    const ended = new Set(promotion.ended.map(({ order }) => order.uid));
    const kept = this.#kept.get(application) ?? nothing;
    const orders = kept.orders.filter(({ uid }) => !ended.has(uid));
    const answers = this.#answers(kept.answers, promotion);
    const records = this.#records(kept.records, promotion);
    const holds = kept.holds.filter((hold) => !promotion.lapsed.includes(hold));
    this.#kept.set(application, { ...kept, orders, answers, records, holds, standings: promotion.standings });
  }

  promote(facts: DeliveryFacts, order: PromoteOrder, by: OrderGiver): Promoted {
    return this.#requests.carryOutOnce(by, () => {
      const { candidate, same, replaces } = decidePromotion(facts, order, by.name);
      const { release, revision, digest } = candidate;
      const { environment, instead } = order;
      const standing = same ?? { uid: this.#ids.next(), environment, release, who: by.name, at: this.#now(), instead };
      this.#change(facts, ({ orders, ...kept }) => ({
        ...kept,
        orders: [standing, ...orders.filter((each) => each !== same && !replaces.includes(each))],
      }));
      const [replaced] = replaces;
      return { promotion: standing.uid, release, revision, digest, ...(replaced && { replaced: replaced.who }) };
    });
  }

  approve(facts: DeliveryFacts, order: ApproveOrder, by: OrderGiver): Approved {
    return this.#requests.carryOutOnce(by, () => {
      const { candidate, expiresAt } = decideApproval(facts, order, by.name);
      const { release, revision, digest } = candidate;
      const given = { environment: order.environment, digest, who: by.name, at: this.#now(), expiresAt };
      this.#change(facts, ({ approvals, ...kept }) => ({ ...kept, approvals: withApproval(approvals, given) }));
      return { approval: this.#ids.next(), release, revision, digest, expiresAt: expiresAt.toISOString() };
    });
  }

  override(facts: DeliveryFacts, order: OverrideOrder, by: OrderGiver): Overridden {
    return this.#requests.carryOutOnce(by, () => {
      const { candidate, questions, gates, expiresAt } = decideOverride(facts, order);
      const said = { state: 'Overridden' as const, reason: order.reason, since: this.#now(), expiresAt };
      const given = questions.map(({ environment, digest, gate }) => {
        return { uid: this.#ids.next(), environment, digest, gate, ...said };
      });
      const asked = new Set(given.map(keyOf));
      this.#change(facts, ({ answers, ...kept }) => ({
        ...kept,
        answers: [...answers.filter((answer) => !asked.has(keyOf(answer))), ...given],
      }));
      const { release, revision, digest } = candidate;
      return { release, revision, digest, gates, expiresAt: expiresAt.toISOString() };
    });
  }

  hold(facts: DeliveryFacts, order: HoldOrder, by: OrderGiver): Held {
    return this.#requests.carryOutOnce(by, () => {
      const { release, digest, expiresAt } = decideHold(facts, order);
      const { environment, reason } = order;
      const of = release && { release: release.uid, revision: release.revision };
      const given = { environment, ...(digest && { digest }), ...of, ...(expiresAt && { expiresAt }) };
      const hold = { uid: this.#ids.next(), ...given, who: by.name, reason, at: this.#now() };
      this.#change(facts, ({ holds, ...kept }) => ({ ...kept, holds: [...holds, hold] }));
      return { hold: hold.uid, ...of, ...(expiresAt && { expiresAt: expiresAt.toISOString() }) };
    });
  }

  unhold(facts: DeliveryFacts, order: UnholdOrder, by: OrderGiver): Unheld {
    return this.#requests.carryOutOnce(by, () => {
      const ended = decideUnhold(facts, order);
      this.#change(facts, ({ holds, ...kept }) => ({ ...kept, holds: holds.filter((hold) => !ended.includes(hold)) }));
      return { holds: ended.map(({ uid }) => uid) };
    });
  }

  /** What is asked anew takes the place of what was said before. */
  #answers(before: readonly WebAnswer[], { questions, idle }: NonNullable<DeliveryPlan['promotion']>): WebAnswer[] {
    const asked = new Set(questions.map(keyOf));
    const left = before.filter((answer) => !idle.includes(answer.uid) && !asked.has(keyOf(answer)));
    const asking = { state: 'Asking' as const, since: this.#now() };
    return [
      ...left,
      ...questions.map(({ uid, environment, digest, gate }) => ({ uid, environment, digest, gate, ...asking })),
    ];
  }

  /** Of each stage the newest alone is to be written down. */
  #records(
    before: readonly GitRecord[],
    { records, withdrawnRecords }: NonNullable<DeliveryPlan['promotion']>,
  ): GitRecord[] {
    const asked = new Set(records.map(({ environment }) => environment));
    const writing = { state: 'Writing' as const, since: this.#now() };
    return [
      ...before.filter(({ uid, environment }) => !asked.has(environment) && !withdrawnRecords.includes(uid)),
      ...records.map(({ uid, environment, digest, place }) => ({ uid, environment, digest, place, ...writing })),
    ];
  }

  #change({ application: { uid } }: DeliveryFacts, change: (kept: Kept) => Kept): void {
    this.#kept.set(uid, change(this.#kept.get(uid) ?? nothing));
  }
}

function keyOf({ environment, digest, gate }: Pick<WebAnswer, 'environment' | 'digest' | 'gate'>): string {
  return `${environment} ${digest} ${gate.url}`;
}
