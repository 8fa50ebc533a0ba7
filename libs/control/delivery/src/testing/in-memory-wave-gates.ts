import { countingIds } from '@flotilla/foundation/testing';
import type { OrderGiver } from '../delivery-record.port.ts';
import { decideWaveApproval, type WaveApproval } from '../promotion/decide-wave-approval.ts';
import { decideWaveOverride, type WaveOverride } from '../promotion/decide-wave-override.ts';
import type { GatedRollout, RolloutContext } from '../promotion/gated-rollout.ts';
import type { ApprovalFacts } from '../promotion/promotion-facts.ts';
import type { Approved, Overridden } from '../promotion/promotion-record.port.ts';
import { isOpenQuestion, type WebAnswer } from '../promotion/web-answers.ts';
import { planWaveQuestions, type LookedAt, type WaveAsked } from '../rollout/plan-wave-questions.ts';

/** A rollout with what was said of its waves. */
interface Said {
  readonly approvals: readonly ApprovalFacts[];
  readonly answers: readonly WebAnswer[];
}

const nothing: Said = { approvals: [], answers: [] };

/** Who agreed to which waves of which rollouts, and who is asked about them, in memory. */
export class InMemoryWaveGates {
  readonly #ids = countingIds('wave-gate');
  readonly #said = new Map<string, Said>();

  of(rollout: string): Said {
    return this.#said.get(rollout) ?? nothing;
  }

  approve(
    rollout: string,
    { gated, order, by }: { readonly gated: GatedRollout; readonly order: WaveApproval; readonly by: OrderGiver },
  ): Approved {
    const expiresAt = decideWaveApproval(gated, order, by.name);
    const { environment, wave } = order;
    const { uid: release, revision, digests } = gated.release;
    const digest = digests[environment]!;
    const given = { environment, wave, digest, who: by.name, at: gated.now, expiresAt };
    const said = this.of(rollout);
    this.#said.set(rollout, { ...said, approvals: withApproval(said.approvals, given) });
    return { approval: this.#ids.next(), release, revision, digest, wave, expiresAt: expiresAt.toISOString() };
  }

  override(
    rollout: string,
    { gated, order }: { readonly gated: GatedRollout; readonly order: WaveOverride },
  ): Overridden {
    const { asked, gates, expiresAt } = decideWaveOverride(gated, order);
    const { uid: release, revision, digests } = gated.release;
    const digest = digests[order.environment]!;
    this.#put(rollout, gated, asked, { state: 'Overridden', reason: order.reason, expiresAt });
    return { release, revision, digest, gates, wave: order.wave, expiresAt: expiresAt.toISOString() };
  }

  /** After a look: whoever is to be asked is being asked, and what is about nothing any more is forgotten. */
  looked(rollout: string, context: RolloutContext, looked: LookedAt): void {
    const { asked, idle } = planWaveQuestions(looked, this.of(rollout).answers);
    const { answers, approvals } = this.of(rollout);
    this.#said.set(rollout, { approvals, answers: answers.filter(({ uid }) => !idle.includes(uid)) });
    this.#put(rollout, context, asked, { state: 'Asking' });
  }

  /** The rollout is over: nobody is asked about it, and if it is taken up again they are asked anew. */
  ended(rollout: string): void {
    const { answers, approvals } = this.of(rollout);
    this.#said.set(rollout, { approvals, answers: answers.filter(({ state }) => state === 'Overridden') });
  }

  /** Whoever is being asked says this; gives the waves. */
  answer(rollout: string, said: Pick<WebAnswer, 'state' | 'reason'>): string[] {
    const { answers, approvals } = this.of(rollout);
    const answered = answers.map((answer) => (isOpenQuestion(answer) ? { ...answer, ...said } : answer));
    this.#said.set(rollout, { approvals, answers: answered });
    return answers.filter(isOpenQuestion).map(({ wave }) => wave!);
  }

  /** What is said now takes the place of what was said before. */
  #put(
    rollout: string,
    { environment, release, now }: RolloutContext,
    asked: readonly WaveAsked[],
    said: Pick<WebAnswer, 'state' | 'reason' | 'expiresAt'>,
  ): void {
    const { answers, approvals } = this.of(rollout);
    const digest = release.digests[environment]!;
    const isSame = (answer: WebAnswer) =>
      asked.some(({ wave, gate }) => answer.wave === wave && answer.gate.url === gate.url);
    const given = asked.map((each) => ({ uid: this.#ids.next(), environment, digest, ...each, ...said, since: now }));
    this.#said.set(rollout, { approvals, answers: [...answers.filter((answer) => !isSame(answer)), ...given] });
  }
}

/** With one more, in place of what the same person gave for the same before. */
export function withApproval(before: readonly ApprovalFacts[], given: ApprovalFacts): readonly ApprovalFacts[] {
  const fields = ['environment', 'wave', 'digest', 'who'] as const;
  return [...before.filter((each) => fields.some((field) => each[field] !== given[field])), given];
}
