import { metadataOf, type Metadata } from '../objects/metadata.ts';
import { equalValues } from '../fields/values.ts';
import { forbiddenValue, invalidValue, requiredValue, type FieldProblem } from '../problems/field-problem.ts';
import type { Json, JsonObject } from '../schema/schema-type.ts';
import { checkAnnotations, checkLabels, checkName, checkQualifiedName, type NameRule } from './names.ts';

export interface MetadataRules {
  readonly namespaced: boolean;
  readonly nameRule: NameRule;
  /** Whether a finalizer may have a name without a domain. */
  readonly anyFinalizer?: boolean;
}

/** What is wrong with the metadata of any object. */
export function checkMetadata(object: JsonObject, rules: MetadataRules): FieldProblem[] {
  const { namespaced, nameRule, anyFinalizer = false } = rules;
  const metadata = metadataOf(object);
  return [
    ...checkNames(metadata, nameRule),
    ...checkNamespace(metadata, namespaced),
    ...checkLabels('metadata.labels', metadata.labels ?? {}),
    ...checkAnnotations('metadata.annotations', metadata.annotations ?? {}),
    ...checkOwners(metadata),
    ...(metadata.finalizers ?? []).flatMap((finalizer) => checkQualifiedName('metadata.finalizers', finalizer)),
    ...(anyFinalizer ? [] : checkFinalizerDomains(metadata.finalizers ?? [])),
  ];
}

function checkNames({ name, generateName }: Metadata, nameRule: NameRule): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (generateName) problems.push(...checkName(nameRule, 'metadata.generateName', maskTrailingDash(generateName)));
  if (name) return [...problems, ...checkName(nameRule, 'metadata.name', name)];
  return [...problems, requiredValue('metadata.name', 'name or generateName is required')];
}

/** A prefix may end with a dash, since more follows. */
function maskTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
}

function checkNamespace({ namespace }: Metadata, namespaced: boolean): FieldProblem[] {
  if (!namespaced) return namespace ? [forbiddenValue('metadata.namespace', 'not allowed on this type')] : [];
  return namespace ? checkName('label', 'metadata.namespace', namespace) : [requiredValue('metadata.namespace')];
}

function checkOwners({ ownerReferences = [] }: Metadata): FieldProblem[] {
  const field = 'metadata.ownerReferences';
  const problems = ownerReferences.flatMap((owner) => [
    ...(owner.apiVersion ? [] : [invalidValue(`${field}.apiVersion`, owner.apiVersion, 'version must not be empty')]),
    ...(owner.kind ? [] : [invalidValue(`${field}.kind`, owner.kind, 'must not be empty')]),
    ...(owner.name ? [] : [invalidValue(`${field}.name`, owner.name, 'must not be empty')]),
    ...(owner.uid ? [] : [invalidValue(`${field}.uid`, owner.uid, 'must not be empty')]),
  ]);
  const controllers = ownerReferences.filter(({ controller }) => controller);
  if (controllers.length < 2) return problems;
  const [first, second] = controllers.map(({ kind, name }) => `${kind}/${name}`);
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`;
  return [...problems, invalidValue(field, ownerReferences as unknown as Json, detail)];
}

const knownFinalizers = ['orphan', 'foregroundDeletion', 'kubernetes'];

function checkFinalizerDomains(finalizers: readonly string[]): FieldProblem[] {
  const detail = 'name is neither a standard finalizer name nor is it fully qualified';
  return finalizers.flatMap((finalizer, index) =>
    finalizer.includes('/') || knownFinalizers.includes(finalizer)
      ? []
      : [invalidValue(`metadata.finalizers[${index}]`, finalizer, detail)],
  );
}

/** What a write may not change in the metadata of an object. */
export function checkMetadataUpdate(object: JsonObject, old: JsonObject): FieldProblem[] {
  const [next, before] = [metadataOf(object), metadataOf(old)];
  const problems: FieldProblem[] = [];
  if (before.deletionTimestamp && next.deletionTimestamp === before.deletionTimestamp) {
    const added = (next.finalizers ?? []).filter((finalizer) => !before.finalizers?.includes(finalizer));
    if (added.length > 0) problems.push(newFinalizers(added));
  }
  for (const name of ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    if (!equalValues(next[name], before[name])) {
      problems.push(invalidValue(`metadata.${name}`, next[name], 'field is immutable'));
    }
  }
  return problems;
}

function newFinalizers(added: readonly string[]): FieldProblem {
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return forbiddenValue('metadata.finalizers', detail);
}
