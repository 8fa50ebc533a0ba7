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
