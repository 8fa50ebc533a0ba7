/** Why a release enters an environment. */
export const rolloutCauses = ['tracking', 'promotion', 'rollback', 'repair'] as const;
export type RolloutCause = (typeof rolloutCauses)[number];

/**
 * The life of a rollout. `Superseded`: before it finished, a newer release took its place or its environment left the
 * pipeline. A rollout that cannot finish is not over: it stays `Running` until its targets are well, or something newer
 * comes.
 */
export const rolloutStates = ['Running', 'Finished', 'Superseded'] as const;
export type RolloutState = (typeof rolloutStates)[number];

/** The immutable thing that walks a pipeline: one commit, and what it means for each environment. */
export interface Release {
  readonly uid: string;
  readonly revision: string;
  /** Source digest by environment: equal digests are equal inputs, whatever the commit. */
  readonly digests: Readonly<Record<string, string>>;
}
