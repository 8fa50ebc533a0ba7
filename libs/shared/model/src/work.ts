/**
 * Everything that waits to be looked at, by kind. A key says "look at this"; whoever takes it reads the world.
 *
 * | kind | key | looked at by |
 * |---|---|---|
 * | repository | repository uid | sources: ask the remote for its refs |
 * | repair | repair uid | sources: bring Git back to what was good |
 * | plan | application uid | delivery: what shall run where |
 * | set | cluster uid | delivery: send the cluster what it misses |
 * | rollout | rollout uid | delivery: has it finished |
 * | rollback | rollout uid | delivery: it failed, and is taken back by itself if it may be |
 * | freeze | uid of a Freeze | delivery: has it ended by itself |
 * | gate | uid of a question | sources: ask somebody outside whether a release may enter |
 * | record | uid of a record | sources: write down in Git what enters a stage |
 * | notify | uid of a Notifier | sources: tell its receiver what waits for it |
 * | upgrade | agent upgrade uid | delivery: which clusters get the new agent next |
 * | count | project, or project/application/environment | status: how many targets are how |
 */
export const workKinds = [
  'repository',
  'repair',
  'plan',
  'set',
  'rollout',
  'rollback',
  'freeze',
  'gate',
  'record',
  'notify',
  'upgrade',
  'count',
] as const;

export type WorkKind = (typeof workKinds)[number];
