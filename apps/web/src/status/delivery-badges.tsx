import type { CandidateView } from '@flotilla/contracts';
import type { ClusterPhase, RepairState, RolloutState } from '@flotilla/model';
import { candidateLooks, phaseLooks, repairLooks, rolloutLooks } from './delivery-looks.ts';
import { StatusBadge } from './status-badge.tsx';

/** How far a release has come in an environment. */
export function RolloutBadge({ state }: { readonly state: RolloutState }) {
  return <StatusBadge axis="Rollout" word={state} look={rolloutLooks[state]} />;
}

/** Where one cluster is in a rollout. */
export function PhaseBadge({ phase }: { readonly phase: ClusterPhase }) {
  return <StatusBadge axis="Phase" word={phase} look={phaseLooks[phase]} />;
}

/** How a release stands before a stage. */
export function CandidateBadge({ state }: { readonly state: CandidateView['state'] }) {
  return <StatusBadge axis="Release" word={state} look={candidateLooks[state]} />;
}

/** How far Git has come in saying what was good. */
export function RepairBadge({ state }: { readonly state: RepairState }) {
  return <StatusBadge axis="Repair" word={state} look={repairLooks[state]} />;
}
