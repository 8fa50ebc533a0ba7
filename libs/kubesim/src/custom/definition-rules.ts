import type { KindRules } from '../kinds/kind-rules.ts';
import { checkName } from '../kinds/names.ts';
import { specAndStatus } from '../kinds/spec-and-status.ts';
import { itemsAt, objectAt, textAt } from '../kinds/check-values.ts';
import { metadataOf, withMetadata } from '../objects/metadata.ts';
import { equalValues } from '../fields/values.ts';
import { invalidValue, requiredValue, unsupportedValue, type FieldProblem } from '../problems/field-problem.ts';
import type { JsonObject } from '../schema/schema-type.ts';

/** Holds a definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

const common = specAndStatus({ generationOf: ['spec'] });

export const definitionRules: KindRules = {
  ...common,
  needsResourceVersion: true,
  anyFinalizer: true,
  prepareCreate: (draft, tools) => {
    const stored = (draft['status']?.storedVersions ?? []) as string[];
    common.prepareCreate!(draft, tools);
    draft['status'] = { ...draft['status'], storedVersions: stored };
  },
  validate: checkDefinition,
  validateUpdate: (definition, old) => {
    const [spec, before] = [objectAt(definition, 'spec'), objectAt(old, 'spec')];
    const fixed = ['group', 'scope'].filter((name) => !equalValues(spec[name], before[name]));
    return fixed.map((name) => invalidValue(`spec.${name}`, spec[name], 'field is immutable'));
  },
  startDeletion: (definition, time) => {
    const condition = {
      type: 'Terminating',
      status: 'True',
      lastTransitionTime: time,
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    };
    const finalizers = [...(metadataOf(definition).finalizers ?? []), cleanupFinalizer];
    return {
      ...withMetadata(definition, { deletionTimestamp: time, finalizers }),
      status: withCondition(objectAt(definition, 'status'), condition),
    };
  },
};

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/** The status with a condition set; its time moves only when its status changes. */
export function withCondition(status: JsonObject, condition: Condition): JsonObject {
  const conditions = itemsAt(status, 'conditions');
  const before = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime =
    before?.['status'] === condition.status ? before['lastTransitionTime'] : condition.lastTransitionTime;
  const after = { ...condition, lastTransitionTime } as unknown as JsonObject;
  const rest = conditions.map((other) => (other === before ? after : other));
  return { ...status, conditions: before ? rest : [...rest, after] };
}

function checkDefinition(definition: JsonObject): FieldProblem[] {
  const spec = objectAt(definition, 'spec');
  const names = objectAt(spec, 'names');
  const [group, plural] = [textAt(spec, 'group'), textAt(names, 'plural')];
  const problems: FieldProblem[] = [];
  if (metadataOf(definition).name !== `${plural}.${group}`) {
    const detail = 'must be spec.names.plural+"."+spec.group';
    problems.push(invalidValue('metadata.name', metadataOf(definition).name, detail));
  }
  if (group === '') problems.push(requiredValue('spec.group'));
  else problems.push(...checkName('subdomain', 'spec.group', group));
  for (const name of ['plural', 'singular', 'kind', 'listKind']) {
    if (!textAt(names, name)) problems.push(requiredValue(`spec.names.${name}`));
  }
  const scope = textAt(spec, 'scope');
  if (scope === '') problems.push(requiredValue('spec.scope'));
  else if (!scopes.includes(scope)) problems.push(unsupportedValue('spec.scope', scope, scopes));
  return [...problems, ...checkVersions(itemsAt(spec, 'versions')), ...checkStored(objectAt(definition, 'status'))];
}

function checkStored(status: JsonObject): FieldProblem[] {
  if (itemsAt(status, 'storedVersions').length > 0) return [];
  return [invalidValue('status.storedVersions', undefined, 'must have at least one stored version')];
}

const scopes = ['Cluster', 'Namespaced'];

function checkVersions(versions: readonly JsonObject[]): FieldProblem[] {
  const stored = versions.filter((version) => version['storage']);
  const problems = versions.flatMap((version, index) => {
    const schema = objectAt(objectAt(version, 'schema'), 'openAPIV3Schema');
    const field = `spec.versions[${index}].schema.openAPIV3Schema`;
    if (Object.keys(schema).length === 0) return [requiredValue(field)];
    return schema['type'] === 'object' ? [] : [requiredValue(`${field}.type`, 'must not be empty at the root')];
  });
  if (stored.length === 1) return problems;
  const detail = 'must have exactly one version marked as storage version';
  return [...problems, invalidValue('spec.versions', versions, detail)];
}
