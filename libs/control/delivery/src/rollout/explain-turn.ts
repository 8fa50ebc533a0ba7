import { isoTime } from '@flotilla/foundation';
import { shortCommit, type Reason, type RolloutState } from '@flotilla/model';
import type { Explanation } from './explanation.ts';

/** A rollout that one target was not admitted to, or that stopped after it was. */
export interface HeldTurn {
  readonly application: string;
  readonly environment: string;
  readonly revision: string;
  readonly state: RolloutState;
  /** The wave that the target is in. */
  readonly wave: string;
  readonly skipped: boolean;
  /** The target was admitted, and it is the others that wait. */
  readonly isTaken: boolean;
  /** It brings back what was well before. */
  readonly isBack: boolean;
  readonly blocked?: Reason;
  readonly since?: Date;
  /** When the rollout is looked at again by time alone. */
  readonly nextLook?: Date;
}

/** Says what a target waits for whose rollout goes in waves, who can act, and when the rollout goes on by itself. */
export function explainTurn(turn: HeldTurn): Explanation {
  const { state, skipped, since, nextLook } = turn;
  const goesOn = state === 'Running' && !skipped;
  return {
    state: stateOf(turn),
    blockedBy: blockedBy(turn),
    ...(since && { since: isoTime(since.getTime()) }),
    whoCanAct: whoCanAct(turn),
    ...(goesOn && nextLook && { nextTry: isoTime(nextLook.getTime()) }),
  };
}

function stateOf({ revision, wave, isTaken, isBack }: HeldTurn): string {
  const words = isTaken ? ['took', 'went back to'] : ['waits for', 'waits to go back to'];
  return `${words[Number(isBack)]} ${shortCommit(revision)}, in wave ${wave}`;
}

function blockedBy({ state, skipped, blocked }: HeldTurn): string {
  if (skipped) return 'a person passed it by in this rollout';
  if (state === 'Paused') return 'a person paused the rollout';
  const why = blocked ? `${blocked.code}: ${blocked.message}` : 'its turn has not come';
  return state === 'Halted' ? `the rollout is halted: ${why}` : why;
}

/** The command that acts where there is one, and else the one that shows more. */
function whoCanAct({ application, environment, state, skipped }: HeldTurn): string {
  const place = `${application}.${environment}`;
  if (skipped) return 'nobody in this rollout: it takes the next one';
  if (state === 'Paused') return `whoever may run: flotilla rollout resume ${place}`;
  if (state === 'Halted') return `whoever may run: flotilla rollout retry ${place} (or resume, abort)`;
  return `whoever mends what holds it up; see: flotilla explain rollout ${place}`;
}
