import { matchesLabels } from '@flotilla/model';
import { forbiddenValue, invalidValue, requiredValue, type FieldProblem } from '../../problems/field-problem.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import { checkLabelSelector, isEmptySelector, objectAt } from '../check-values.ts';
import { checkAnnotations, checkLabels } from '../names.ts';
import { checkPodSpec, type PodSpecRules } from '../pods/check-pod-spec.ts';

/** The labels of the pods that a workload makes. */
export function templateLabels(spec: JsonObject): Readonly<Record<string, string>> {
  return objectAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels') as Record<string, string>;
}

/** The selector of a workload, and whether it selects the pods that the workload makes. */
export function checkSelector(spec: JsonObject, workload: string): FieldProblem[] {
  const selector = spec['selector'] as JsonObject | null | undefined;
  if (!selector) return [requiredValue('spec.selector'), ...checkSelected(spec)];
  const problems = checkLabelSelector('spec.selector', selector);
  if (problems.length > 0) return [...problems, invalidValue('spec.selector', selector, 'invalid label selector')];
  if (isEmptySelector(selector)) {
    return [invalidValue('spec.selector', selector, `empty selector is invalid for ${workload}`)];
  }
  return checkSelected(spec);
}

function checkSelected(spec: JsonObject): FieldProblem[] {
  const labels = templateLabels(spec);
  const selector = spec['selector'] as JsonObject | null | undefined;
  if (selector && matchesLabels(selector, labels)) return [];
  const value = Object.keys(labels).length > 0 ? labels : undefined;
  return [invalidValue('spec.template.metadata.labels', value, '`selector` does not match template `labels`')];
}

export interface TemplateOptions extends PodSpecRules {
  readonly field?: string;
  /** Who makes the pods, as the server's message names it; absent where a deadline is allowed. */
  readonly forbidsDeadlineIn?: string;
}

export function checkTemplate(spec: JsonObject, options: TemplateOptions): FieldProblem[] {
  const field = options.field ?? 'spec.template';
  const template = objectAt(spec, 'template');
  const metadata = objectAt(template, 'metadata');
  const podSpec = objectAt(template, 'spec');
  const owner = options.forbidsDeadlineIn;
  const deadline = owner && podSpec['activeDeadlineSeconds'] !== undefined;
  const detail = `activeDeadlineSeconds in ${owner} is not Supported`;
  return [
    ...checkLabels(`${field}.metadata.labels`, objectAt(metadata, 'labels') as Record<string, string>),
    ...checkAnnotations(`${field}.metadata.annotations`, objectAt(metadata, 'annotations') as Record<string, string>),
    ...checkPodSpec(`${field}.spec`, podSpec, options),
    ...(deadline ? [forbiddenValue(`${field}.spec.activeDeadlineSeconds`, detail)] : []),
  ];
}
