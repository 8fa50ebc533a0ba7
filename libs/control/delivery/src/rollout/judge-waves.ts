import type { Reason } from '@flotilla/model';
import type { GateContext } from '../promotion/gates/judge.ts';
import { judgeWritten } from '../promotion/gates/judge-gates.ts';
import { isWebWait } from '../promotion/gates/web.ts';
import type { FrozenWave, WaveVerdict } from './rollout-course.ts';

/** A release on its way through its waves. */
export type WaveContext = Omit<GateContext, 'visits' | 'wave'>;

/** Asks the gates of every wave that has any, each as it is asked before a stage. */
export function judgeWaves(
  waves: readonly Pick<FrozenWave, 'name' | 'gates'>[],
  context: WaveContext,
): ReadonlyMap<string, WaveVerdict> {
  const gated = waves.flatMap(({ name, gates }) => (gates ? [{ name, gates }] : []));
  return new Map(
    gated.map(({ name, gates }) => {
      const { waits, passed, lookAt, asks } = judgeWritten(gates, { ...context, wave: name, visits: new Map() });
      const isRipe = asks.length > 0 && waits.every(isWebWait);
      return [name, { waits, passed, ...(lookAt && { lookAt: lookAt.getTime() }), ...(isRipe && { asks }) }];
    }),
  );
}

/** By what a rollout is blocked whose next wave waits for its gates. */
export const gatedCode = 'WaveGated';

/** Why a wave does not begin, as a rollout is shown to be blocked. */
export function gatedReason(wave: string, { waits }: Pick<WaveVerdict, 'waits'>): Reason {
  const told = waits.map(({ gate, blockedBy }) => `${gate} (${blockedBy})`).join(', ');
  return { code: gatedCode, message: `wave ${wave} waits for ${told}` };
}
