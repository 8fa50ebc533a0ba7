/**
 * How far the repair of Git after a rollback has come. `Pushed`: the branch holds the revert. `Merged`: Git says what was
 * good, by a pull request that was merged or because somebody was faster. `Conflict`: a person has to decide in Git.
 * `Failed`: nothing more is tried. Those who wait for a person or a host say why, and are looked at again.
 */
export const repairStates = [
  'Waiting',
  'Writing',
  'Pushed',
  'PullRequestOpen',
  'Merged',
  'Conflict',
  'Failed',
] as const;
export type RepairState = (typeof repairStates)[number];

/** Whether there is nothing more to do for it here. */
export function isRepairOver(state: RepairState): boolean {
  return state === 'Pushed' || state === 'Merged' || state === 'Failed';
}
