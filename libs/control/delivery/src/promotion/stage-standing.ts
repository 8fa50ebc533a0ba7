/** A stage by its name: `application.environment`. */
export interface StageName {
  readonly application: string;
  readonly environment: string;
}

/** What a release waits for: blocked by what, since when, who can act, and when it is looked at again. */
export interface GateWait {
  readonly gate: string;
  readonly blockedBy: string;
  readonly since?: string;
  readonly whoCanAct?: string;
  readonly nextTry?: string;
}

/** An input that comes here and that none of the stages before ran. */
export interface UntriedInput {
  readonly path: string;
  /** Git's id of what is there; absent where there is nothing. */
  readonly tree?: string;
}

/**
 * How a release stands before a stage: it enters now, it waits, it can never enter, or something newer goes in its place.
 */
export const candidateStates = ['Enters', 'Waits', 'Skipped', 'Superseded'] as const;
export type CandidateState = (typeof candidateStates)[number];

/** A release that would bring a stage something new. */
export interface Candidate {
  readonly release: string;
  readonly revision: string;
  readonly digest: string;
  readonly state: CandidateState;
  /** What it still waits for; of one that can never enter, why. */
  readonly waits: readonly GateWait[];
  /** The gates that it passed. */
  readonly passed: readonly string[];
  readonly untried: readonly UntriedInput[];
  /** The settings of rendering, by their paths, that come here and that none of the stages before has. */
  readonly untriedSettings?: readonly string[];
}

/** That somebody lets nothing past a stage, or nothing of one release. */
export interface StageHold {
  readonly who: string;
  readonly reason: string;
  readonly since: string;
  readonly until?: string;
  /** Of the release that is held; the whole stage is where there is none. */
  readonly revision?: string;
}

/** How things stand before one stage that comes after others, as people are shown it. */
export interface StageStanding {
  readonly environment: string;
  readonly after: readonly string[];
  readonly promote: 'auto' | 'manual';
  /** The release that runs there, or enters now. */
  readonly runs?: string;
  /** What people hold there. */
  readonly holds?: readonly StageHold[];
  /** Why its record in Git does not say what runs there. */
  readonly unsaid?: GateWait;
  /** Newest first. */
  readonly candidates: readonly Candidate[];
}
