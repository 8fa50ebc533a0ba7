export { refusedObjects, refusedOnNamespace, type RefusedObjectsOptions } from './allow/refused-objects.ts';
export { comparable } from './diff/comparable.ts';
export { diffObjects, type DiffInput, type FieldDifference } from './diff/diff-objects.ts';
export { excerpts } from './diff/excerpts.ts';
export { lineDiff } from './diff/line-diff.ts';
export { maskSecrets } from './diff/mask-secrets.ts';
export { isLess } from './diff/quantity.ts';
export { valueText } from './diff/value-text.ts';
export { readDocuments, type DocumentFile, type ReadDocument, type ReadDocuments } from './documents/read-documents.ts';
export { changedFields, type ChangedField, type ChangedFieldsInput } from './drift/changed-fields.ts';
export { isDeepEqual } from './fields/deep-equal.ts';
export { fieldPathText, parseStep, type FieldPath, type FieldStep } from './fields/field-path.ts';
export { containsField, findField, locateField, type ObjectPath } from './fields/find-field.ts';
export { fieldsOfPaths, membersOf, selectWritten, type Member } from './fields/members.ts';
export { ownedValues, type OwnedValues } from './fields/owned-values.ts';
export { newestEntry, ownedFields, whoOwns } from './fields/owners.ts';
export { unionFields } from './fields/union-fields.ts';
export { removeFields, withoutField } from './fields/remove-fields.ts';
export { effectiveRules } from './ignore/effective-rules.ts';
export { ignoreFields, type IgnoreInput } from './ignore/ignore-fields.ts';
export { matchesRule } from './ignore/ignore-rule.ts';
export { isAbout, type ChangeInPlace } from './ignore/ignored-change.ts';
export { leaveIgnored, type LeaveIgnoredOptions } from './ignore/leave-ignored.ts';
export { asKept } from './manifests/as-kept.ts';
export type { FillText } from './manifests/fill-object.ts';
export { imagesOf } from './manifests/images-of.ts';
export type { KnownKinds, Manifest, ManifestFile, Scope } from './manifests/manifest.ts';
export { placeManifests, type PlacedManifests, type PlaceOptions } from './manifests/place-manifests.ts';
export { manifestFiles, readManifests, type ReadManifests, type ReadOptions } from './manifests/read-manifests.ts';
export { annotationOption, annotationWords } from './order/annotations.ts';
export { applyTurns, applyWaves, compareTurns, pruneOrder, type Turn, type TurnItems } from './order/apply-waves.ts';
export { dependsOn, needsOf, type Needs, type Orderable } from './order/dependencies.ts';
export { dependencyLayers } from './order/dependency-layers.ts';
export {
  hookDeadlineOf,
  hookDeletePoliciesOf,
  hookTypesOf,
  isHook,
  isHookDeletedAt,
  isSkipped,
  type HookDeletePolicy,
  type HookMoment,
  type HookType,
  type SyncKind,
} from './order/hooks.ts';
export { kindOrder } from './order/kind-order.ts';
export { neededFirst, type Brought } from './order/needed-first.ts';
export { isDeletionConfirmed, isKeptWhenAllGoes, isNeverDeleted } from './order/never-deleted.ts';
export { isReplaceAsked } from './order/replaceable.ts';
export { isForSync, phases, phasesOf, waveOf, type Phase } from './order/phase-and-wave.ts';
export { parseYaml, type ParsedYaml, type YamlDocument } from './yaml/parse-yaml.ts';
export { positionOf } from './yaml/position-of.ts';
export { problemAt } from './yaml/problem-at.ts';
export { pathText, problemLine, type Position, type SourceProblem, type ValuePath } from './yaml/source-problem.ts';
