/** Why a release enters an environment. */
export const rolloutCauses = ['tracking', 'promotion', 'rollback', 'repair'] as const;
export type RolloutCause = (typeof rolloutCauses)[number];

/**
 * The life of a rollout. `Paused`: a person stopped it. `Halted`: too much failed, and a person or a newer release decides
 * what becomes of it. `Superseded`: before it finished, a newer release took its place or its environment left the
 * pipeline. `Aborted`: a person ended it; who was admitted keeps what it runs. Without a strategy a rollout that cannot
 * finish is not over: it stays `Running` until its targets are well, or something newer comes.
 */
export const rolloutStates = ['Running', 'Paused', 'Halted', 'Finished', 'Superseded', 'Aborted'] as const;
export type RolloutState = (typeof rolloutStates)[number];

/** Whether a rollout has still something to do or to decide. */
export function isOpenRollout(state: RolloutState): boolean {
  return state === 'Running' || state === 'Paused' || state === 'Halted';
}

/** The immutable thing that walks a pipeline: one commit, and what it means for each environment. */
export interface Release {
  readonly uid: string;
  readonly revision: string;
  /** Source digest by environment: equal digests are equal inputs, whatever the commit. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Why a deployment does not run any more: another came, the target left, or its cluster was forgotten. */
export const deploymentEnds = ['replaced', 'left', 'forgotten'] as const;
export type DeploymentEnd = (typeof deploymentEnds)[number];
