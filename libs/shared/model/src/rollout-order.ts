/** What a person may do to a rollout that goes in waves. */
export const rolloutOrders = ['pause', 'resume', 'abort', 'retry', 'skip'] as const;
export type RolloutOrder = (typeof rolloutOrders)[number];

/**
 * Where one cluster is in a rollout. `Failing` may yet become well, `Failed` is past its deadline. `Away` is not heard, or
 * held back by a person or a window, and said nothing of the release that would count. `Forgiven`: it is not well, and a
 * person went on all the same.
 */
export const clusterPhases = [
  'Waiting',
  'UnderWay',
  'Soaking',
  'Done',
  'Failing',
  'Failed',
  'Forgiven',
  'Away',
  'Skipped',
] as const;
export type ClusterPhase = (typeof clusterPhases)[number];

/** What a person wants to read first: who failed, then who is under way, then everybody else. */
const urgentFirst: readonly ClusterPhase[] = [
  'Failed',
  'Failing',
  'Forgiven',
  'UnderWay',
  'Soaking',
  'Away',
  'Skipped',
  'Waiting',
  'Done',
];

/** Sorts what a person wants to read first to the front. A phase that is not known here comes first: somebody should look at it. */
export function byUrgency(left: { readonly phase: ClusterPhase }, right: { readonly phase: ClusterPhase }): number {
  return urgentFirst.indexOf(left.phase) - urgentFirst.indexOf(right.phase);
}
