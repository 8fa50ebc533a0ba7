import { approvalEnd } from './decide-approval.ts';
import { gatesMeant, type GatedRollout } from './gated-rollout.ts';
import type { ApprovalOrder } from './promotion-record.port.ts';
import { waveApprovalNotAsked } from './wave-refusals.ts';

/** That somebody agrees to a wave, of the release that they looked at. */
export type WaveApproval = ApprovalOrder & { readonly wave: string };

/** Until when somebody's approval of a wave counts; a fault says why it is not taken. It may come before the wave's turn. */
export function decideWaveApproval(rollout: GatedRollout, order: WaveApproval, who: string): Date {
  const gates = gatesMeant(rollout, order, { kind: 'approval', none: waveApprovalNotAsked });
  const { release, writers, facts, now } = rollout;
  return approvalEnd(order, gates, { who, revision: release.revision, writers, now, facts });
}
