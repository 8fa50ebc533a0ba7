import { countingIds } from '@flotilla/foundation/testing';
import type { OrderGiver } from '../delivery-record.port.ts';
import { decideWaveApproval, type GatedRollout, type WaveApproval } from '../promotion/decide-wave-approval.ts';
import type { ApprovalFacts } from '../promotion/promotion-facts.ts';
import type { Approved } from '../promotion/promotion-record.port.ts';

/** Who agreed to which waves of which rollouts, in memory. */
export class InMemoryWaveApprovals {
  readonly #ids = countingIds('wave-approval');
  readonly #given = new Map<string, readonly ApprovalFacts[]>();

  of(rollout: string): readonly ApprovalFacts[] {
    return this.#given.get(rollout) ?? [];
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
    this.#given.set(rollout, withApproval(this.of(rollout), given));
    return { approval: this.#ids.next(), release, revision, digest, wave, expiresAt: expiresAt.toISOString() };
  }
}

/** With one more, in place of what the same person gave for the same before. */
export function withApproval(before: readonly ApprovalFacts[], given: ApprovalFacts): readonly ApprovalFacts[] {
  const fields = ['environment', 'wave', 'digest', 'who'] as const;
  return [...before.filter((each) => fields.some((field) => each[field] !== given[field])), given];
}
