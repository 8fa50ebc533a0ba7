import type { ExplanationView, RolloutCourseView } from '@flotilla/contracts';
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
  /** What else is the matter. */
  readonly others: readonly ExplanationView[];
}

/**
 * Why nobody else is admitted; nothing where nothing stands in the way. The control plane explains it, and says of each
 * thing who can act; one of before does not, and what its rollout says has to do.
 */
export function courseStanding({ spec, status, explanation = [] }: RolloutCourseView): CourseStanding | undefined {
  const { state, blocked, blockedSince } = status;
  const place = shellWord(`${spec.application}.${spec.environment}`);
  const [first, ...others] = explanation;
  const blockedBy = blocked?.message ?? first?.blockedBy;
  const since = blockedSince ?? first?.since;
  const common = { ...(blockedBy && { blockedBy }), ...(since && { since }), others };
  const said = first?.whoCanAct;
  if (state === 'Halted') {
    const whoCanAct = said ?? `whoever may run: flotilla rollout resume ${place} (or retry, skip, abort)`;
    return { ...common, ...rolloutLooks.Halted, title: 'Halted: nobody else is admitted', whoCanAct };
  }
  if (state === 'Paused') {
    const whoCanAct = said ?? `whoever may run: flotilla rollout resume ${place}`;
    return { ...common, ...rolloutLooks.Paused, title: 'Paused by a person: nobody else is admitted', whoCanAct };
  }
  if (state !== 'Running' || !blockedBy) return undefined;
  const whoCanAct = said ?? whoEndsIt(blocked, place);
  return { ...common, tone: 'quiet', icon: 'clock', title: 'It waits', whoCanAct };
}

function whoEndsIt(blocked: Reason | undefined, place: string): string {
  const code = blocked?.code;
  if (code === 'WaveUnderWay' || code === 'WaveSoaking') return 'nobody has to: it goes on by itself';
  if (code === 'ClustersAway')
    return `whoever brings them back, or passes them by with: flotilla rollout skip ${place} --cluster NAME`;
  return `whoever may run: flotilla rollout status ${place}`;
}
