import { textAt } from '../facts.ts';
import { degraded, healthy, progressing, unknown, type HealthRule } from '../health.ts';

export const persistentVolumeClaimHealth: HealthRule = (claim) => {
  const phase = textAt(claim, 'status', 'phase');
  switch (phase) {
    case 'Bound':
      return healthy;
    case 'Lost':
      return degraded('Lost', 'the volume of the claim is lost');
    case 'Pending':
    case undefined:
      return progressing('Pending', 'no volume is bound to the claim yet');
    default:
      return unknown('UnknownPhase', `the claim is in the phase ${phase}`);
  }
};
