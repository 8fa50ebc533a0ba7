import { Fault } from '@flotilla/foundation';
import type { ClusterPhase, RolloutOrder, RolloutState } from '@flotilla/model';

/** What an order of a person rests on. */
export interface SteeringFacts {
  readonly state: RolloutState;
  readonly clusters: readonly { readonly cluster: string; readonly name: string; readonly phase: ClusterPhase }[];
  /** What it brings was put in quarantine meanwhile. */
  readonly isRefused?: boolean;
}

/** What becomes of a rollout by an order. Clusters are uids. */
export interface Steered {
  readonly state: RolloutState;
  /** Their failure was seen, and does not count any more. */
  readonly forgive: readonly string[];
  /** They try again, and their deadline begins anew. */
  readonly retry: readonly string[];
  readonly skip: readonly string[];
}

/**
 * Decides what an order makes of a rollout that is open, or that was aborted and is taken up again. Pure; what cannot be
 * done is a fault that says why.
 */
export function steerRollout(
  facts: SteeringFacts,
  { order, cluster }: { readonly order: RolloutOrder; readonly cluster?: string | undefined },
): Steered {
  const { state } = facts;
  const kept: Steered = { state, forgive: [], retry: [], skip: [] };
  switch (order) {
    case 'pause':
      return { ...kept, state: 'Paused' };
    case 'resume':
      return { ...kept, state: 'Running', forgive: uidsOf(facts, ['Failing', 'Failed']) };
    case 'abort':
      return { ...kept, state: 'Aborted' };
    case 'retry':
      if (state === 'Aborted') return { ...kept, ...takenUp(facts, cluster) };
      return { ...kept, state: state === 'Halted' ? 'Running' : state, retry: failedOf(facts, cluster) };
    case 'skip':
      return { ...kept, skip: [named(facts, cluster)] };
  }
}

/** It goes on where it was ended: whoever had it keeps it, what failed is tried again, and the others come in their turn. */
function takenUp(facts: SteeringFacts, cluster: string | undefined): Pick<Steered, 'state' | 'retry'> {
  if (facts.isRefused) throw releaseRefused();
  const hasFailed = uidsOf(facts, triedAgain).length > 0;
  return { state: 'Running', retry: hasFailed || cluster !== undefined ? failedOf(facts, cluster) : [] };
}

function releaseRefused(): Fault {
  const message = 'what it brings is in quarantine; lift that first: flotilla get quarantines';
  return new Fault({ code: 'conflict', reason: 'Quarantined', message });
}

const triedAgain: readonly ClusterPhase[] = ['Failing', 'Failed', 'Forgiven'];

/** There is no rollout in waves to steer. */
export function rolloutMissing(application: string, environment: string): Fault {
  const message = `no rollout of ${application} is under way in ${environment} that goes in waves; see what became of the last one with: flotilla get rollouts --application ${application}`;
  return new Fault({ code: 'not-found', reason: 'RolloutMissing', message });
}

function uidsOf({ clusters }: SteeringFacts, phases: readonly ClusterPhase[]): string[] {
  return clusters.flatMap(({ cluster, phase }) => (phases.includes(phase) ? [cluster] : []));
}

function failedOf(facts: SteeringFacts, cluster: string | undefined): string[] {
  const wanted = cluster === undefined ? undefined : named(facts, cluster);
  const failed = uidsOf(facts, triedAgain).filter((uid) => (wanted ?? uid) === uid);
  if (failed.length > 0) return failed;
  const message =
    cluster === undefined ? 'nothing failed in this rollout' : `${cluster} has not failed in this rollout`;
  throw new Fault({ code: 'conflict', reason: 'NothingFailed', message });
}

function named({ clusters }: SteeringFacts, cluster: string | undefined): string {
  const found = clusters.find(({ name }) => name === cluster);
  if (found) return found.cluster;
  const message = cluster === undefined ? 'say which cluster' : `${cluster} is not part of this rollout`;
  throw new Fault({ code: cluster === undefined ? 'invalid' : 'not-found', reason: 'ClusterMissing', message });
}
