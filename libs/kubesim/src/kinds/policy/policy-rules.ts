import { setOf } from '../../fields/field-set.ts';
import { equalValues } from '../../fields/values.ts';
import { forbiddenValue, invalidValue, requiredValue, type FieldProblem } from '../../problems/field-problem.ts';
import type { Json, JsonObject } from '../../schema/schema-type.ts';
import { checkCountOrPercent, checkNotNegative, checkPortOrName, itemsAt, objectAt, textAt } from '../check-values.ts';
import type { KindRules } from '../kind-rules.ts';
import { checkName } from '../names.ts';
import { bumpGeneration, specAndStatus } from '../spec-and-status.ts';

export const disruptionBudgetRules: KindRules = {
  ...specAndStatus({ generationOf: ['spec'] }),
  needsResourceVersion: true,
  validate: (budget) => {
    const spec = objectAt(budget, 'spec');
    const { minAvailable, maxUnavailable, selector = null, unhealthyPodEvictionPolicy = null } = spec;
    const printed = {
      MinAvailable: minAvailable ?? null,
      Selector: selector,
      MaxUnavailable: maxUnavailable ?? null,
      UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy,
    };
    const both = minAvailable !== undefined && maxUnavailable !== undefined;
    return [
      ...(both ? [invalidValue('spec', printed, 'minAvailable and maxUnavailable cannot be both set')] : []),
      ...checkCountOrPercent('spec.minAvailable', minAvailable),
      ...checkCountOrPercent('spec.maxUnavailable', maxUnavailable),
    ];
  },
};

export const autoscalerRules: KindRules = {
  ...specAndStatus(),
  validate: (autoscaler) => {
    const spec = objectAt(autoscaler, 'spec');
    const [min, max] = [spec['minReplicas'] as number, spec['maxReplicas'] as number];
    const target = objectAt(spec, 'scaleTargetRef');
    const problems: FieldProblem[] = [];
    if (max < 1) problems.push(invalidValue('spec.maxReplicas', max, 'must be greater than 0'));
    if (max < min)
      problems.push(invalidValue('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
    for (const name of ['kind', 'name']) {
      if (!textAt(target, name)) problems.push(requiredValue(`spec.scaleTargetRef.${name}`));
    }
    return problems;
  },
};

export const ingressRules: KindRules = {
  ...specAndStatus({ generationOf: ['spec'] }),
  validate: (ingress) => {
    const spec = objectAt(ingress, 'spec');
    const rules = itemsAt(spec, 'rules');
    if (rules.length === 0 && !spec['defaultBackend']) {
      return [invalidValue('spec', undefined, 'either `defaultBackend` or `rules` must be specified')];
    }
    return rules.flatMap((rule, index) => checkIngressRule(`spec.rules[${index}]`, rule));
  },
};

function checkIngressRule(field: string, rule: JsonObject): FieldProblem[] {
  const host = textAt(rule, 'host');
  const paths = itemsAt(objectAt(rule, 'http'), 'paths');
  return [
    ...(host && !host.startsWith('*') ? checkName('subdomain', `${field}.host`, host) : []),
    ...paths.flatMap((path, index) => checkIngressPath(`${field}.http.paths[${index}]`, path)),
  ];
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

function checkIngressPath(field: string, path: JsonObject): FieldProblem[] {
  const type = path['pathType'];
  if (type === undefined) return [requiredValue(`${field}.pathType`, 'pathType must be specified')];
  if (!pathTypes.includes(type as string)) {
    return [{ reason: 'FieldValueNotSupported', field: `${field}.pathType`, message: unsupportedPathType(type) }];
  }
  const text = textAt(path, 'path');
  if (type === 'ImplementationSpecific' ? text === '' || text.startsWith('/') : text.startsWith('/')) return [];
  return [invalidValue(`${field}.path`, text, 'must be an absolute path')];
}

function unsupportedPathType(type: Json): string {
  const list = pathTypes.map((word) => JSON.stringify(word)).join(', ');
  return `Unsupported value: ${JSON.stringify(type)}: supported values: ${list}`;
}

export const networkPolicyRules: KindRules = {
  prepareCreate: (draft) => (draft['metadata'].generation = 1),
  prepareUpdate: (draft, old) => bumpGeneration(draft, old, ['spec']),
  validate: (policy) => {
    const spec = objectAt(policy, 'spec');
    return ['ingress', 'egress'].flatMap((direction) =>
      itemsAt(spec, direction).flatMap((rule, index) =>
        itemsAt(rule, 'ports')
          .filter((port) => port['port'] !== undefined)
          .flatMap((port, at) => checkPortOrName(`spec.${direction}[${index}].ports[${at}].port`, port['port'])),
      ),
    );
  },
};

/** A kind whose generation counts the changes of one field and that has no status. */
export function generationOf(...fields: readonly string[]): KindRules {
  return {
    prepareCreate: (draft) => (draft['metadata'].generation = 1),
    prepareUpdate: (draft, old) => bumpGeneration(draft, old, fields),
  };
}

export const storageClassRules: KindRules = {
  answersWithDeleted: true,
  validate: (storageClass) => (textAt(storageClass, 'provisioner') ? [] : [requiredValue('provisioner')]),
  validateUpdate: (storageClass, old) => [
    ...['parameters', 'provisioner', 'reclaimPolicy']
      .filter((name) => !equalValues(storageClass[name], old[name]))
      .map((name) => forbiddenValue(name, `updates to ${name} are forbidden.`)),
    ...(storageClass['volumeBindingMode'] === old['volumeBindingMode']
      ? []
      : [invalidValue('volumeBindingMode', storageClass['volumeBindingMode'], 'field is immutable')]),
  ],
};

export const priorityClassRules: KindRules = {
  prepareCreate: (draft) => (draft['metadata'].generation = 1),
  validateUpdate: (priorityClass, old) =>
    ['value', 'preemptionPolicy']
      .filter((name) => !equalValues(priorityClass[name], old[name]))
      .map((name) => forbiddenValue(name, 'may not be changed in an update.')),
};

export const leaseRules: KindRules = {
  createsOnUpdate: true,
  needsResourceVersion: true,
  validate: (lease) => {
    const spec = objectAt(lease, 'spec');
    const seconds = spec['leaseDurationSeconds'];
    const short = typeof seconds === 'number' && seconds <= 0;
    return [
      ...(short ? [invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0')] : []),
      ...checkNotNegative('spec.leaseTransitions', spec['leaseTransitions']),
    ];
  },
};

export const controllerRevisionRules: KindRules = {
  validate: (revision) => [
    ...(revision['data'] === undefined || revision['data'] === null
      ? [requiredValue('data', 'data is mandatory')]
      : []),
    ...checkNotNegative('revision', revision['revision']),
  ],
  validateUpdate: (revision, old) =>
    equalValues(revision['data'], old['data']) ? [] : [invalidValue('data', revision['data'], 'field is immutable')],
};

export const quotaRules: KindRules = { ...specAndStatus(), answersWithDeleted: true };

/** A node's status is its kubelet's: it may be set when the node is created. */
export const nodeRules: KindRules = {
  prepareUpdate: (draft, old) => (draft['status'] = old['status']),
  prepareSubresource: { status: (draft, old) => (draft['spec'] = old['spec']) },
  resets: setOf(['f:status']),
  subresourceResets: { status: setOf(['f:spec']) },
};
