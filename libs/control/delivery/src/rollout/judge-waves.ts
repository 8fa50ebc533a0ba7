import { freezeText, type EntryFreeze, type Reason } from '@flotilla/model';
import type { GateContext } from '../promotion/gates/judge.ts';
import { judgeWritten } from '../promotion/gates/judge-gates.ts';
import { isWebWait } from '../promotion/gates/web.ts';
import type { GateWait } from '../promotion/stage-standing.ts';
import type { FrozenWave, WaveVerdict } from './rollout-course.ts';

/** A release on its way through its waves. */
export type WaveContext = Omit<GateContext, 'visits' | 'wave'>;

/** One cluster of a wave, with the freeze that keeps it from the release, if any. */
export interface WaveMember {
  readonly wave: string;
  readonly freeze: EntryFreeze | undefined;
}

/** The waves that freezes hold as a whole, by name, with the first freeze. Their gates are not for today: who passed them would begin when the freeze ends. */
export function frozenWaves(members: readonly WaveMember[]): ReadonlyMap<string, EntryFreeze> {
  const waves = [...Map.groupBy(members, ({ wave }) => wave)];
  return new Map(
    waves.flatMap(([wave, [first, ...others]]) =>
      first?.freeze && others.every(({ freeze }) => freeze) ? [[wave, first.freeze] as const] : [],
    ),
  );
}

/** Asks the gates of every wave that has any, each as it is asked before a stage; a wave that is frozen waits for that as well. */
export function judgeWaves(
  waves: readonly Pick<FrozenWave, 'name' | 'gates'>[],
  context: WaveContext,
  frozen: ReadonlyMap<string, EntryFreeze> = new Map(),
): ReadonlyMap<string, WaveVerdict> {
  const gated = waves.flatMap(({ name, gates }) => (gates ? [{ name, gates }] : []));
  return new Map(
    gated.map(({ name, gates }) => {
      const {
        waits: written,
        passed,
        lookAt,
        asks,
      } = judgeWritten(gates, { ...context, wave: name, visits: new Map() });
      const freeze = frozen.get(name);
      const waits = freeze ? [frozenWait(freeze), ...written] : written;
      const isRipe = asks.length > 0 && waits.every(isWebWait);
      return [name, { waits, passed, ...(lookAt && { lookAt: lookAt.getTime() }), ...(isRipe && { asks }) }];
    }),
  );
}

function frozenWait(freeze: EntryFreeze): GateWait {
  const { name, since } = freeze;
  return {
    gate: 'freeze',
    blockedBy: freezeText(freeze),
    since,
    whoCanAct: `whoever may run: flotilla unfreeze ${name}`,
  };
}

/** By what a rollout is blocked whose next wave waits for its gates. */
export const gatedCode = 'WaveGated';

/** Why a wave does not begin, as a rollout is shown to be blocked. */
export function gatedReason(wave: string, { waits }: Pick<WaveVerdict, 'waits'>): Reason {
  const told = waits.map(({ gate, blockedBy }) => `${gate} (${blockedBy})`).join(', ');
  return { code: gatedCode, message: `wave ${wave} waits for ${told}` };
}
