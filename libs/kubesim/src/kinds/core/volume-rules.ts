import { quantityNumber } from '../../decode/quantity.ts';
import { equalValues } from '../../fields/values.ts';
import {
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldProblem,
} from '../../problems/field-problem.ts';
import type { JsonDraft, JsonObject } from '../../schema/schema-type.ts';
import { objectAt, textAt } from '../check-values.ts';
import type { KindRules, KindTools } from '../kind-rules.ts';
import { ensureObject } from '../set-missing.ts';
import { specAndStatus } from '../spec-and-status.ts';

const common = specAndStatus();

export const volumeClaimRules: KindRules = {
  ...common,
  prepareCreate: (draft) => (draft['status'] = { phase: 'Pending' }),
  answersWithDeleted: true,
  admitCreate: (draft) => addFinalizer(draft, 'kubernetes.io/pvc-protection'),
  validate: (claim) => {
    const spec = objectAt(claim, 'spec');
    const storage = objectAt(objectAt(spec, 'resources'), 'requests')['storage'] as string | undefined;
    const field = 'spec.resources[storage]';
    return [
      ...checkAccessModes(spec, 'at least 1 access mode is required'),
      ...(storage === undefined ? [requiredValue(field)] : checkPositive(field, storage)),
    ];
  },
  validateUpdate: checkClaimUpdate,
};

export const volumeRules: KindRules = {
  ...common,
  prepareCreate: (draft, { time }: KindTools) =>
    (draft['status'] = { phase: 'Pending', lastPhaseTransitionTime: time }),
  answersWithDeleted: true,
  admitCreate: (draft) => addFinalizer(draft, 'kubernetes.io/pv-protection'),
  validate: (volume) => {
    const spec = objectAt(volume, 'spec');
    const capacity = objectAt(spec, 'capacity');
    return [
      ...checkAccessModes(spec, ''),
      ...('storage' in capacity
        ? []
        : [requiredValue('spec.capacity'), unsupportedValue('spec.capacity', undefined, ['storage'])]),
      ...(hasSource(spec) ? [] : [requiredValue('spec', 'must specify a volume type')]),
    ];
  },
};

const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

function checkAccessModes(spec: JsonObject, detail: string): FieldProblem[] {
  const wanted = (spec['accessModes'] ?? []) as readonly string[];
  if (wanted.length === 0) return [requiredValue('spec.accessModes', detail)];
  const wrong = wanted.filter((mode) => !modes.includes(mode));
  return wrong.map((mode) => unsupportedValue('spec.accessModes', mode, modes));
}

function checkPositive(field: string, amount: string): FieldProblem[] {
  return (quantityNumber(amount) ?? 0) > 0 ? [] : [invalidValue(field, amount, 'must be greater than zero')];
}

const notSources = [
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeMode',
  'volumeAttributesClassName',
];

function hasSource(spec: JsonObject): boolean {
  return Object.keys(spec).some((name) => !notSources.includes(name));
}

/** Nobody deletes a volume under those who use it: the simulated controller takes this finalizer away. */
function addFinalizer(draft: JsonDraft, finalizer: string): void {
  const metadata = ensureObject(draft, 'metadata');
  const finalizers = (metadata['finalizers'] ?? []) as string[];
  if (!finalizers.includes(finalizer)) metadata['finalizers'] = [...finalizers, finalizer];
}

function checkClaimUpdate(claim: JsonObject, old: JsonObject): FieldProblem[] {
  const isBound = textAt(objectAt(old, 'status'), 'phase') === 'Bound';
  const frozen = (object: JsonObject) => {
    const spec: JsonDraft = { ...objectAt(object, 'spec') };
    // The one write of the binding, and what a bound claim may still ask for.
    if (!textAt(objectAt(old, 'spec'), 'volumeName')) delete spec['volumeName'];
    if (isBound) {
      delete spec['resources'];
      delete spec['volumeAttributesClassName'];
    }
    return spec;
  };
  if (equalValues(frozen(claim), frozen(old))) return [];
  const detail =
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
  return [forbiddenValue('spec', detail)];
}
