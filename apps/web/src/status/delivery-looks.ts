import type { CandidateView } from '@flotilla/contracts';
import type { ClusterPhase, RepairState, RolloutState } from '@flotilla/model';
import type { StatusLook } from './status-looks.ts';

/** How far has a release come in an environment? */
export const rolloutLooks: Readonly<Record<RolloutState, StatusLook>> = {
  Running: { tone: 'busy', icon: 'turning' },
  Paused: { tone: 'warn', icon: 'pause' },
  Halted: { tone: 'bad', icon: 'cross' },
  Finished: { tone: 'good', icon: 'check' },
  Superseded: { tone: 'quiet', icon: 'over' },
  Aborted: { tone: 'quiet', icon: 'hole' },
};

/** Where is one cluster in a rollout? */
export const phaseLooks: Readonly<Record<ClusterPhase, StatusLook>> = {
  Waiting: { tone: 'quiet', icon: 'clock' },
  UnderWay: { tone: 'busy', icon: 'turning' },
  Soaking: { tone: 'busy', icon: 'heart' },
  Done: { tone: 'good', icon: 'check' },
  Failing: { tone: 'bad', icon: 'alert' },
  Failed: { tone: 'bad', icon: 'cross' },
  Forgiven: { tone: 'warn', icon: 'unequal' },
  Away: { tone: 'warn', icon: 'noSignal' },
  Skipped: { tone: 'quiet', icon: 'over' },
};

/** How does a release stand before a stage? */
export const candidateLooks: Readonly<Record<CandidateView['state'], StatusLook>> = {
  Enters: { tone: 'busy', icon: 'arrow' },
  Waits: { tone: 'warn', icon: 'clock' },
  Skipped: { tone: 'quiet', icon: 'cross' },
  Superseded: { tone: 'quiet', icon: 'over' },
};

/** How far has Git come in saying what was good? */
export const repairLooks: Readonly<Record<RepairState, StatusLook>> = {
  Waiting: { tone: 'quiet', icon: 'clock' },
  Writing: { tone: 'busy', icon: 'turning' },
  Pushed: { tone: 'good', icon: 'check' },
  PullRequestOpen: { tone: 'warn', icon: 'arrow' },
  Merged: { tone: 'good', icon: 'merge' },
  Conflict: { tone: 'bad', icon: 'unequal' },
  Failed: { tone: 'bad', icon: 'cross' },
};
