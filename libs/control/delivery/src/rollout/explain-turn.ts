import { shortCommit, type Reason, type RolloutState } from '@flotilla/model';

/** A rollout that one target was not admitted to, or that stopped after it was. */
export interface HeldTurn {
  readonly application: string;
  readonly environment: string;
  readonly revision: string;
  readonly state: RolloutState;
  /** The wave that the target is in. */
  readonly wave: string;
  readonly skipped: boolean;
  readonly blocked?: Reason;
  readonly since?: Date;
}

/** Why a target does not take the release that is on its way into its environment. */
export interface TurnExplanation {
  readonly state: string;
  readonly blockedBy: string;
  readonly since?: string;
  readonly whoCanAct: string;
}

/** Says what a target waits for whose rollout goes in waves, and who can act. */
export function explainTurn(turn: HeldTurn): TurnExplanation {
  const { application, environment, revision, wave, since } = turn;
  return {
    state: `waits for ${shortCommit(revision)}, in wave ${wave}`,
    blockedBy: blockedBy(turn),
    ...(since && { since: since.toISOString() }),
    whoCanAct: `whoever may run: flotilla rollout status ${application}.${environment}`,
  };
}

function blockedBy({ state, skipped, blocked }: HeldTurn): string {
  if (skipped) return 'a person passed it by in this rollout';
  if (state === 'Paused') return 'a person paused the rollout';
  const why = blocked ? `${blocked.code}: ${blocked.message}` : 'its turn has not come';
  return state === 'Halted' ? `the rollout is halted: ${why}` : why;
}
