import { setOf } from '../../fields/field-set.ts';
import { equalValues } from '../../fields/values.ts';
import { forbiddenValue, invalidValue, unsupportedValue, type FieldProblem } from '../../problems/field-problem.ts';
import type { Json, JsonObject } from '../../schema/schema-type.ts';
import { checkCountOrPercent, checkNotNegative, objectAt, textAt } from '../check-values.ts';
import type { KindRules } from '../kind-rules.ts';
import { specAndStatus } from '../spec-and-status.ts';
import { checkSelector, checkTemplate } from './check-template.ts';

export const deploymentRules: KindRules = {
  // Annotations are copied to the replica sets, so their change is a new generation too.
  ...specAndStatus({
    generationOf: ['spec', 'metadata.annotations'],
    statusKeeps: setOf(['f:metadata', 'f:labels']),
  }),
  validate: checkDeployment,
  validateUpdate: checkSelectorKept,
};

/** The selector of a workload is chosen once: pods that it no longer selected would be left behind. */
export function checkSelectorKept(object: JsonObject, old: JsonObject): FieldProblem[] {
  const [next, before] = [objectAt(object, 'spec')['selector'], objectAt(old, 'spec')['selector']];
  return equalValues(next, before) ? [] : [invalidValue('spec.selector', next, 'field is immutable')];
}

function checkDeployment(deployment: JsonObject): FieldProblem[] {
  const spec = objectAt(deployment, 'spec');
  return [
    ...checkNotNegative('spec.replicas', spec['replicas']),
    ...checkSelector(spec, 'deployment'),
    ...checkTemplate(spec, { restartPolicies: ['Always'], forbidsDeadlineIn: 'ReplicaSet' }),
    ...checkStrategy(objectAt(spec, 'strategy')),
    ...checkNotNegative('spec.minReadySeconds', spec['minReadySeconds']),
    ...checkNotNegative('spec.revisionHistoryLimit', spec['revisionHistoryLimit']),
    ...checkProgressDeadline(spec),
  ];
}

function checkStrategy(strategy: JsonObject): FieldProblem[] {
  const field = 'spec.strategy';
  const rollingUpdate = strategy['rollingUpdate'];
  switch (textAt(strategy, 'type')) {
    case 'Recreate':
      if (rollingUpdate === undefined) return [];
      return [forbiddenValue(`${field}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")];
    case 'RollingUpdate':
      return checkRollingUpdate(`${field}.rollingUpdate`, objectAt(strategy, 'rollingUpdate'));
    default:
      return [
        unsupportedValue(field, { Type: strategy['type'], RollingUpdate: rollingUpdate ?? null }, [
          'Recreate',
          'RollingUpdate',
        ]),
      ];
  }
}

export function checkRollingUpdate(field: string, { maxUnavailable, maxSurge }: JsonObject): FieldProblem[] {
  const problems = [
    ...checkCountOrPercent(`${field}.maxUnavailable`, maxUnavailable),
    ...checkCountOrPercent(`${field}.maxSurge`, maxSurge),
  ];
  if (isNothing(maxUnavailable) && isNothing(maxSurge)) {
    problems.push(invalidValue(`${field}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  if (typeof maxUnavailable === 'string' && Number.parseInt(maxUnavailable, 10) > 100) {
    problems.push(invalidValue(`${field}.maxUnavailable`, maxUnavailable, 'must not be greater than 100%'));
  }
  return problems;
}

function isNothing(value: Json | undefined): boolean {
  return value === 0 || value === '0%';
}

function checkProgressDeadline(spec: JsonObject): FieldProblem[] {
  const [deadline, ready] = [spec['progressDeadlineSeconds'], spec['minReadySeconds'] ?? 0];
  const field = 'spec.progressDeadlineSeconds';
  if (typeof deadline !== 'number') return [];
  if (deadline > (ready as number)) return checkNotNegative(field, deadline);
  return [invalidValue(field, deadline, 'must be greater than minReadySeconds')];
}
