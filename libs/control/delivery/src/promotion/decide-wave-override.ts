import { overrideEnd } from './decide-override.ts';
import { gatesMeant, type GatedRollout } from './gated-rollout.ts';
import { askedGate, webGate } from './gates/web.ts';
import type { OverrideOrder } from './promotion-record.port.ts';
import type { WaveAsked } from '../rollout/plan-wave-questions.ts';
import { waveNobodyAsked } from './wave-refusals.ts';

/** That somebody does without the word of those who are asked before a wave. */
export type WaveOverride = OverrideOrder & { readonly wave: string };

/** Whose word a person does without before a wave, and until when. */
export interface DecidedWaveOverride {
  readonly asked: readonly WaveAsked[];
  /** The gates by their names. */
  readonly gates: readonly string[];
  readonly expiresAt: Date;
}

/** Whether a person may do without the word of those who are asked before a wave; every other gate of it holds as before. */
export function decideWaveOverride(rollout: GatedRollout, order: WaveOverride): DecidedWaveOverride {
  const gates = gatesMeant(rollout, order, { kind: 'web', none: waveNobodyAsked });
  const { wave } = order;
  return {
    asked: gates.map((gate) => ({ wave, gate: askedGate(gate) })),
    gates: gates.map(webGate.title),
    expiresAt: overrideEnd(rollout.now),
  };
}
