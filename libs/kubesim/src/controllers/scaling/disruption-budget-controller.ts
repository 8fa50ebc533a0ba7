import { matchesLabels, type LabelSelector } from '@flotilla/model';
import type { Clock } from '@flotilla/foundation';
import { apiTime } from '../../objects/metadata.ts';
import { amountOf } from '../amounts.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { withCondition } from '../conditions.ts';
import type { Controller } from '../controller.ts';
import { itself, selecting } from '../keys.ts';
import type { Amount, Condition, Pod, Stored } from '../kube-objects.ts';
import { isActive, isReady } from '../pod-facts.ts';
import { disruptionBudgets, pods } from '../resources.ts';

interface DisruptionBudget extends Stored {
  readonly spec: {
    readonly selector?: LabelSelector;
    readonly minAvailable?: Amount;
    readonly maxUnavailable?: Amount;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Counts for each budget how many of its pods may go. */
export function disruptionBudgetController(client: ClusterClient, clock: Clock): Controller {
  return {
    name: 'disruptionbudget',
    affectedBy: (change) => [
      ...itself(change, disruptionBudgets),
      ...selecting(change, (namespace) => client.list<DisruptionBudget>(disruptionBudgets, namespace)),
    ],
    reconcile: async (key) => {
      const budget = client.get<DisruptionBudget>(disruptionBudgets, key);
      if (!budget || budget.metadata.deletionTimestamp) return undefined;
      const { selector } = budget.spec;
      const covered = client
        .list<Pod>(pods, budget.metadata.namespace)
        .filter((pod) => selector && isActive(pod) && matchesLabels(selector, pod.metadata.labels ?? {}));
      await client.writeStatus(disruptionBudgets, budget, statusOf(budget, covered, apiTime(clock.now())));
      return undefined;
    },
  };
}

function statusOf({ metadata, spec, status }: DisruptionBudget, covered: readonly Pod[], time: string): object {
  const expectedPods = covered.length;
  const currentHealthy = covered.filter(isReady).length;
  const desiredHealthy =
    spec.maxUnavailable === undefined
      ? amountOf(spec.minAvailable, expectedPods, 'up')
      : Math.max(0, expectedPods - amountOf(spec.maxUnavailable, expectedPods, 'up'));
  const disruptionsAllowed = Math.max(0, currentHealthy - desiredHealthy);
  const condition: Condition =
    disruptionsAllowed > 0
      ? { type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods', message: '' }
      : { type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods', message: '' };
  return {
    conditions: withCondition(status?.conditions ?? [], condition, time),
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed,
    expectedPods,
    observedGeneration: metadata.generation ?? 1,
  };
}
