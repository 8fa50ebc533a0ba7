import type { RolloutView } from '@flotilla/contracts';
import type { Reason } from '@flotilla/model';
import { rolloutLooks } from '../../status/delivery-looks.ts';
import type { IconName } from '../../status/status-icon.tsx';
import type { Tone } from '../../status/tones.ts';
import { shellWord } from '../../text/shell-word.ts';

/** What a rollout waits for, and who can act. */
export interface CourseStanding {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly title: string;
  readonly blockedBy?: string;
  readonly since?: string;
  readonly whoCanAct: string;
}

/** Why nobody else is admitted; nothing where nothing stands in the way. */
export function courseStanding({ spec, status }: RolloutView): CourseStanding | undefined {
  const { state, blocked, blockedSince } = status;
  const place = shellWord(`${spec.application}.${spec.environment}`);
  const common = { ...(blocked && { blockedBy: blocked.message }), ...(blockedSince && { since: blockedSince }) };
  if (state === 'Halted') {
    const whoCanAct = `whoever may run: flotilla rollout resume ${place} (or retry, skip, abort)`;
    return { ...common, ...rolloutLooks.Halted, title: 'Halted: nobody else is admitted', whoCanAct };
  }
  if (state === 'Paused') {
    const whoCanAct = `whoever may run: flotilla rollout resume ${place}`;
    return { ...common, ...rolloutLooks.Paused, title: 'Paused by a person: nobody else is admitted', whoCanAct };
  }
  if (state !== 'Running' || !blocked) return undefined;
  return { ...common, tone: 'quiet', icon: 'clock', title: 'It waits', whoCanAct: whoEndsIt(blocked, place) };
}

function whoEndsIt({ code }: Reason, place: string): string {
  if (code === 'WaveUnderWay' || code === 'WaveSoaking') return 'nobody has to: it goes on by itself';
  if (code === 'ClustersAway')
    return `whoever brings them back, or passes them by with: flotilla rollout skip ${place} --cluster NAME`;
  return `whoever may run: flotilla rollout status ${place}`;
}
