import { parseDuration } from '@flotilla/foundation';
import type { Amount } from './amount.ts';
import type { ApplicationDocument } from './application.ts';
import type { FieldProblem } from './check-templates.ts';
import { documentId, type FleetDocument } from './document.ts';
import type { RolloutNarrowing, RolloutStrategy } from './rollout-strategy.ts';

/**
 * Where an application allows itself more than its environment does. It would have no effect, and whoever wrote it believes
 * that it has. A number and a percentage are not compared: at any moment the lower one holds.
 */
export function rolloutProblems(
  application: ApplicationDocument,
  documents: ReadonlyMap<string, FleetDocument>,
): FieldProblem[] {
  const { project } = application.metadata;
  return Object.entries(application.spec.in ?? {}).flatMap(([environment, { rollout }]) => {
    const found = documents.get(documentId({ project, kind: 'Environment', name: environment }));
    const strategy = found?.kind === 'Environment' ? found.spec.rollout : undefined;
    if (!rollout || !strategy) return [];
    return widened(rollout, strategy).map(({ field, here, there }) => ({
      path: ['spec', 'in', environment, 'rollout', field],
      message: `allows ${here} where environment ${environment} allows ${there}; an application narrows and never widens`,
    }));
  });
}

interface Widened {
  readonly field: keyof RolloutNarrowing;
  readonly here: Amount | string;
  readonly there: Amount | string;
}

function widened(narrowing: RolloutNarrowing, strategy: RolloutStrategy): Widened[] {
  const soaks = strategy.waves?.map(({ minSuccessTime = '0s' }) => minSuccessTime) ?? ['0s'];
  const shortest = soaks.reduce((left, right) => (isLonger(left, right) ? right : left));
  const { maxConcurrency, maxFailures, progressDeadline, minSuccessTime } = narrowing;
  return [
    ...(isMore(maxConcurrency, strategy.maxConcurrency) ? [said('maxConcurrency', narrowing, strategy)] : []),
    ...(isMore(maxFailures, strategy.maxFailures) ? [said('maxFailures', narrowing, strategy)] : []),
    ...(isLonger(progressDeadline, strategy.progressDeadline) ? [said('progressDeadline', narrowing, strategy)] : []),
    ...(isLonger(shortest, minSuccessTime)
      ? [{ field: 'minSuccessTime' as const, here: `success after ${minSuccessTime}`, there: `it after ${shortest}` }]
      : []),
  ];
}

function said(
  field: 'maxConcurrency' | 'maxFailures' | 'progressDeadline',
  narrowing: RolloutNarrowing,
  strategy: RolloutStrategy,
): Widened {
  return { field, here: narrowing[field]!, there: strategy[field]! };
}

function isMore(here: Amount | undefined, there: Amount | undefined): boolean {
  if (here === undefined || there === undefined || typeof here !== typeof there) return false;
  return Number.parseFloat(String(here)) > Number.parseFloat(String(there));
}

function isLonger(here: string | undefined, there: string | undefined): boolean {
  if (here === undefined || there === undefined) return false;
  return (parseDuration(here) ?? 0) > (parseDuration(there) ?? 0);
}
