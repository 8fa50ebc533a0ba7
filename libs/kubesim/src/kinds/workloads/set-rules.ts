import { equalValues } from '../../fields/values.ts';
import { forbiddenValue, invalidValue, type FieldProblem } from '../../problems/field-problem.ts';
import type { Json, JsonObject } from '../../schema/schema-type.ts';
import { checkNotNegative, itemsAt, objectAt, textAt } from '../check-values.ts';
import type { KindRules } from '../kind-rules.ts';
import { bumpGeneration, specAndStatus } from '../spec-and-status.ts';
import { checkSelector, checkTemplate } from './check-template.ts';
import { templateGeneration } from './workload-defaults.ts';
import { checkRollingUpdate, checkSelectorKept } from './deployment-rules.ts';

const common = specAndStatus({ generationOf: ['spec'] });
const alwaysRestart = { restartPolicies: ['Always'] };

export const replicaSetRules: KindRules = {
  ...common,
  validate: (replicaSet) => {
    const spec = objectAt(replicaSet, 'spec');
    return [
      ...checkNotNegative('spec.replicas', spec['replicas']),
      ...checkNotNegative('spec.minReadySeconds', spec['minReadySeconds']),
      ...checkSelector(spec, 'deployment'),
      ...checkTemplate(spec, { ...alwaysRestart, forbidsDeadlineIn: 'ReplicaSet' }),
    ];
  },
  validateUpdate: checkSelectorKept,
  fieldSelectors: {
    'status.replicas': (replicaSet) => `${(objectAt(replicaSet, 'status')['replicas'] as number | undefined) ?? 0}`,
  },
};

export const daemonSetRules: KindRules = {
  ...common,
  prepareCreate: (draft, tools) => {
    common.prepareCreate!(draft, tools);
    const annotations = draft['metadata'].annotations as Record<string, string>;
    if (Number(annotations[templateGeneration]) < 1) annotations[templateGeneration] = '1';
  },
  prepareUpdate: (draft, old) => {
    draft['status'] = old['status'];
    keepTemplateGeneration(draft, old);
    bumpGeneration(draft, old, ['spec']);
  },
  validate: (daemonSet) => {
    const spec = objectAt(daemonSet, 'spec');
    const strategy = objectAt(spec, 'updateStrategy');
    const rolling = objectAt(strategy, 'rollingUpdate');
    return [
      ...checkSelector(spec, 'daemonset'),
      ...checkTemplate(spec, { ...alwaysRestart, forbidsDeadlineIn: 'DaemonSet' }),
      ...checkNotNegative('spec.minReadySeconds', spec['minReadySeconds']),
      ...(strategy['type'] === 'RollingUpdate' ? checkRollingUpdate('spec.updateStrategy.rollingUpdate', rolling) : []),
      ...checkNotNegative('spec.revisionHistoryLimit', spec['revisionHistoryLimit']),
    ];
  },
  validateUpdate: checkSelectorKept,
};

/** Each change of the template is counted, whatever the writer says. */
function keepTemplateGeneration(daemonSet: JsonObject, old: JsonObject): void {
  const before = Number(objectAt(objectAt(old, 'metadata'), 'annotations')[templateGeneration] ?? 0);
  const changed = !equalValues(objectAt(daemonSet, 'spec')['template'], objectAt(old, 'spec')['template']);
  const metadata = daemonSet['metadata'] as { annotations?: Record<string, string> };
  metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(changed ? before + 1 : before) };
}

export const statefulSetRules: KindRules = {
  ...common,
  validate: (statefulSet) => {
    const spec = objectAt(statefulSet, 'spec');
    return [
      ...checkPodManagement(spec),
      ...checkUpdateStrategy(spec),
      ...checkNotNegative('spec.replicas', spec['replicas']),
      ...checkNotNegative('spec.minReadySeconds', spec['minReadySeconds']),
      ...checkSelector(spec, 'statefulset'),
      ...checkTemplate(spec, { ...alwaysRestart, forbidsDeadlineIn: 'StatefulSet', claims: claimNames(spec) }),
    ];
  },
  validateUpdate: checkStatefulSetUpdate,
};

/** Each pod has these volumes, though its template does not name them. */
function claimNames(spec: JsonObject): string[] {
  return itemsAt(spec, 'volumeClaimTemplates').map((template) => textAt(objectAt(template, 'metadata'), 'name'));
}

function checkPodManagement(spec: JsonObject): FieldProblem[] {
  const policy = textAt(spec, 'podManagementPolicy');
  if (['OrderedReady', 'Parallel'].includes(policy)) return [];
  return [invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'")];
}

function checkUpdateStrategy(spec: JsonObject): FieldProblem[] {
  const { type, rollingUpdate = null } = objectAt(spec, 'updateStrategy');
  const value = { Type: type, RollingUpdate: rollingUpdate } as Json;
  if (type === 'RollingUpdate') {
    const partition = objectAt(objectAt(spec, 'updateStrategy'), 'rollingUpdate')['partition'];
    return checkNotNegative('spec.updateStrategy.rollingUpdate.partition', partition);
  }
  if (type === 'OnDelete') {
    if (rollingUpdate === null) return [];
    const { partition = null, maxUnavailable = null } = rollingUpdate as JsonObject;
    const printed = { Partition: partition, MaxUnavailable: maxUnavailable };
    const detail = "only allowed for updateStrategy 'RollingUpdate'";
    return [invalidValue('spec.updateStrategy.rollingUpdate', printed, detail)];
  }
  return [invalidValue('spec.updateStrategy', value, "must be 'RollingUpdate' or 'OnDelete'")];
}

const mutable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function checkStatefulSetUpdate(statefulSet: JsonObject, old: JsonObject): FieldProblem[] {
  const frozen = (object: JsonObject) =>
    Object.fromEntries(Object.entries(objectAt(object, 'spec')).filter(([name]) => !mutable.includes(name)));
  if (equalValues(frozen(statefulSet), frozen(old))) return [];
  const list = mutable.toSpliced(-1).map((name) => `'${name}'`);
  const detail = `updates to statefulset spec for fields other than ${list.join(', ')} and 'minReadySeconds' are forbidden`;
  return [forbiddenValue('spec', detail)];
}
