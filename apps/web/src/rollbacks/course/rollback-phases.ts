import type { RepairView, RollbackView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { isOpenRollout, isRepairOver } from '@flotilla/model';
import type { IconName } from '../../status/status-icon.tsx';
import type { Tone } from '../../status/tones.ts';

/** How one of the two phases of a rollback stands. */
export interface PhaseStanding {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly words: string;
}

/** The first phase: clusters run again what was well. */
export function clustersPhase({ status }: RollbackView): PhaseStanding {
  const { state, total, arrived, failing } = status;
  const words = `${arrived.toLocaleString('en')} of ${counted(total, 'target')} went back`;
  if (failing > 0) return { tone: 'bad', icon: 'cross', words: `${words}, ${failing} failing` };
  if (state === 'Halted') return { tone: 'bad', icon: 'cross', words: `${words}; it is halted` };
  if (state === 'Paused') return { tone: 'warn', icon: 'pause', words: `${words}; a person paused it` };
  if (isOpenRollout(state)) return { tone: 'busy', icon: 'turning', words };
  if (state === 'Finished') return { tone: 'good', icon: 'check', words };
  return { tone: 'quiet', icon: 'over', words: `${words}; it ended before all of them did` };
}

/** The second phase: Git says the same. */
export function gitPhase(rollback: RollbackView, repairs: readonly RepairView[]): PhaseStanding {
  if (repairs.length === 0) return withoutRepair(rollback);
  const states = repairs.map(({ status }) => status.state);
  if (states.some((state) => state === 'Failed' || state === 'Conflict'))
    return { tone: 'bad', icon: 'unequal', words: 'Git could not be repaired everywhere: a person has to decide' };
  if (states.includes('PullRequestOpen'))
    return { tone: 'warn', icon: 'arrow', words: 'a pull request waits for somebody to merge it' };
  if (states.every(isRepairOver)) return { tone: 'good', icon: 'check', words: 'Git says what was good' };
  return { tone: 'busy', icon: 'turning', words: 'the revert is on its way' };
}

/** Git follows where everything went back, and somebody did not ask to leave it as it is. */
function withoutRepair({ status: { state, held } }: RollbackView): PhaseStanding {
  if (isOpenRollout(state)) return { tone: 'quiet', icon: 'clock', words: 'follows once the clusters went back' };
  const words =
    held > 0 ? 'nothing repairs Git: the targets are held until somebody mends it' : 'there was nothing to repair';
  return { tone: 'quiet', icon: held > 0 ? 'pause' : 'check', words };
}
