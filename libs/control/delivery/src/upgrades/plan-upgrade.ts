import { agentFeatures, type AgentUpgradeState, type Reason } from '@flotilla/model';
import type { UpgradeClusterFacts, UpgradeFacts, UpgradePlan, UpgradeStepChange } from './upgrade-facts.ts';

/** How long after a new agent's own deadline there may be no word of it: watchdog, restart and hello take their time. */
export const silenceMs = 240_000;
/** How long clusters that are not heard are waited for, once nothing else is left. */
export const offlineMs = 600_000;

/**
 * Decides which clusters get the new agent next. Pure: facts in, changes out. Clusters go by name; until the first has
 * succeeded, one goes alone; what fails beyond the budget stops everything that has not begun.
 */
export function planUpgrade(facts: UpgradeFacts): UpgradePlan {
  const settled = facts.clusters.flatMap((cluster) => outcomeOf(cluster, facts) ?? []);
  const after = withChanges(facts.clusters, settled);
  const halt = facts.state === 'Running' ? haltReason(after, facts) : undefined;
  const mayBegin = facts.state === 'Running' && !halt;
  const begun = mayBegin ? beginnings(after, facts) : [];
  const changes = [...settled, ...begun];
  const state = halt ? 'Halted' : facts.state;
  return { changes, state: endState(withChanges(after, begun), state), ...(halt && { reason: halt }) };
}

/** What became of a cluster, or that nothing can become of it any more. */
function outcomeOf(cluster: UpgradeClusterFacts, facts: UpgradeFacts): UpgradeStepChange | undefined {
  if (facts.state === 'Aborted') return isOver(cluster) ? undefined : change(cluster, 'Skipped', aborted);
  if (cluster.state === 'Upgrading') return outcomeOfUpgrading(cluster, facts);
  if (cluster.state === 'Waiting' && facts.state === 'Running') return obstacleOf(cluster, facts);
  return undefined;
}

function outcomeOfUpgrading(cluster: UpgradeClusterFacts, facts: UpgradeFacts): UpgradeStepChange | undefined {
  const { said, since, unwell } = cluster;
  const isLate = facts.now - since > facts.deadlineSeconds * 1_000 + silenceMs;
  switch (said?.state) {
    case 'Failed':
      return change(cluster, 'Failed', said.reason ?? unexplained);
    case 'Unable':
      return change(cluster, 'Skipped', said.reason ?? unexplained);
    case 'Done': {
      if (said.version !== facts.version) return change(cluster, 'Failed', otherVersion(said.version));
      if (unwell.length === 0) return change(cluster, 'Upgraded');
      return isLate ? change(cluster, 'Failed', targetsUnwell(unwell)) : undefined;
    }
    case 'Working':
    case undefined:
      return isLate ? change(cluster, 'Failed', silent) : undefined;
  }
}

/** Why a cluster that waits will never be begun. Where the control plane itself is deaf, it says nothing. */
function obstacleOf(cluster: UpgradeClusterFacts, { clusters, now }: UpgradeFacts): UpgradeStepChange | undefined {
  const isKnown = cluster.features !== undefined;
  if (isKnown && !cluster.features.includes(agentFeatures.upgrade)) return change(cluster, 'Skipped', tooOld);
  if (isHeard(cluster) || clusters.some(canMove)) return undefined;
  const restingSince = Math.max(...clusters.map(({ since }) => since));
  return now - restingSince > offlineMs ? change(cluster, 'Skipped', offline) : undefined;
}

function canMove(cluster: UpgradeClusterFacts): boolean {
  return cluster.state === 'Upgrading' || (cluster.state === 'Waiting' && isHeard(cluster));
}

/** One that has just joined may say its first word in a moment, as one that is lost may come back. */
function isHeard({ connection }: UpgradeClusterFacts): boolean {
  return connection !== 'Lost' && connection !== 'Pending';
}

function haltReason(clusters: readonly UpgradeClusterFacts[], facts: UpgradeFacts): Reason | undefined {
  const failed = count(clusters, 'Failed') - facts.forgiven;
  if (failed <= facts.failuresMax) return undefined;
  const names = clusters.filter(({ state }) => state === 'Failed').map(({ name }) => name);
  const message = `${failed} failed, and at most ${facts.failuresMax} may: ${shortList(names)}`;
  return { code: 'FailuresExceeded', message };
}

function beginnings(clusters: readonly UpgradeClusterFacts[], { atOnce }: UpgradeFacts): UpgradeStepChange[] {
  const room = (count(clusters, 'Upgraded') > 0 ? atOnce : 1) - count(clusters, 'Upgrading');
  return clusters
    .filter(({ state, connection }) => state === 'Waiting' && connection === 'Connected')
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .slice(0, Math.max(0, room))
    .map((cluster) => change(cluster, 'Upgrading'));
}

/** Once every cluster has its end, nobody has to decide anything any more. */
function endState(clusters: readonly UpgradeClusterFacts[], state: AgentUpgradeState): AgentUpgradeState {
  return state !== 'Aborted' && clusters.every(isOver) ? 'Finished' : state;
}

function isOver({ state }: Pick<UpgradeClusterFacts, 'state'>): boolean {
  return state !== 'Waiting' && state !== 'Upgrading';
}

function withChanges(
  clusters: readonly UpgradeClusterFacts[],
  changes: readonly UpgradeStepChange[],
): readonly UpgradeClusterFacts[] {
  const states = new Map(changes.map(({ cluster, state }) => [cluster, state]));
  return clusters.map((cluster) => ({ ...cluster, state: states.get(cluster.cluster) ?? cluster.state }));
}

function change(
  { cluster, name }: UpgradeClusterFacts,
  state: UpgradeStepChange['state'],
  reason?: Reason,
): UpgradeStepChange {
  return { cluster, name, state, ...(reason && { reason }) };
}

function count(clusters: readonly UpgradeClusterFacts[], wanted: UpgradeStepChange['state']): number {
  return clusters.filter(({ state }) => state === wanted).length;
}

function shortList(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}

const aborted: Reason = { code: 'Aborted', message: 'the upgrade was aborted' };
const offline: Reason = { code: 'Offline', message: 'the cluster was not heard; upgrade it when it is' };
const tooOld: Reason = {
  code: 'AgentTooOld',
  message: 'this agent cannot be upgraded from here; upgrade it once where it was installed',
};
const silent: Reason = { code: 'AgentSilent', message: 'nothing was heard of the upgrade before its deadline' };
const unexplained: Reason = { code: 'AgentUpgradeFailed', message: 'the agent did not say why' };

function otherVersion(version: string): Reason {
  return { code: 'VersionDiffers', message: `the new agent says that it is ${version}` };
}

function targetsUnwell(names: readonly string[]): Reason {
  return { code: 'TargetsUnwell', message: `well before and not well now: ${shortList(names)}` };
}
