import { intentOf, meetsAll, parseSelector, type LabelRequirement, type RollbackSelection } from '@flotilla/model';
import type { ClusterFacts, TargetFacts } from '../facts.ts';
import type { ApplicationHistory } from './rollback-facts.ts';

/** One application in one environment, with those of its targets that an order is for. */
export interface RollbackScope {
  readonly history: ApplicationHistory;
  readonly environment: string;
  readonly targets: readonly ScopedTargetFacts[];
  /** All that run there are meant, so that what was left enters there no more. */
  readonly isWhole: boolean;
}

/** A target, and the cluster that it is on. */
export interface ScopedTargetFacts {
  readonly target: TargetFacts;
  readonly cluster: ClusterFacts;
}

/** The targets that an order selects, by application and environment; places where it selects nothing are absent. */
export function rollbackScopes(
  applications: readonly ApplicationHistory[],
  selection: RollbackSelection,
): readonly RollbackScope[] {
  const isMeant = meantBy(selection);
  return applications.flatMap((history) => {
    const { application, stages } = history.delivery;
    if (selection.application !== undefined && selection.application !== application.name) return [];
    return stages.flatMap(({ environment }) => {
      if (selection.environment !== undefined && selection.environment !== environment) return [];
      const running = runningIn(history, environment);
      const targets = running.filter(isMeant);
      return targets.length === 0
        ? []
        : [{ history, environment, targets, isWhole: targets.length === running.length }];
    });
  });
}

function runningIn({ delivery }: ApplicationHistory, environment: string): readonly ScopedTargetFacts[] {
  const clusters = new Map(delivery.clusters.map((cluster) => [cluster.uid, cluster]));
  return delivery.targets.flatMap((target) => {
    const cluster = clusters.get(target.cluster);
    const isRunning = intentOf(target.entry) === 'run' && target.environment === environment;
    return cluster && isRunning ? [{ target, cluster }] : [];
  });
}

function meantBy({
  cluster: named,
  selector,
  digest,
  release,
}: RollbackSelection): (one: ScopedTargetFacts) => boolean {
  const labels = requirementsOf(selector);
  return ({ target: { entry }, cluster }) =>
    (named === undefined || cluster.name === named) &&
    (release === undefined || entry.release === release) &&
    (digest === undefined || entry.sourceDigest.startsWith(digest)) &&
    meetsAll(labels, { ...cluster.labels });
}

/** It was checked at the door. */
function requirementsOf(selector: string | undefined): readonly LabelRequirement[] {
  const read = parseSelector(selector ?? '');
  return read.ok ? read.value : [];
}
