import { setOf } from '../../fields/field-set.ts';
import { equalValues } from '../../fields/values.ts';
import { forbiddenValue, type FieldProblem } from '../../problems/field-problem.ts';
import type { Json, JsonDraft, JsonObject } from '../../schema/schema-type.ts';
import { itemsAt, objectAt, textAt } from '../check-values.ts';
import type { KindRules } from '../kind-rules.ts';
import { setMissing } from '../set-missing.ts';
import { specAndStatus } from '../spec-and-status.ts';
import { checkPodSpec } from './check-pod-spec.ts';
import { serviceClassOf } from './service-class.ts';

const statusKeeps = setOf(['f:metadata', 'f:deletionTimestamp'], ['f:metadata', 'f:ownerReferences']);
const common = specAndStatus({ generationOf: ['spec'], statusKeeps });

export const podRules: KindRules = {
  ...common,
  prepareCreate: (draft, tools) => {
    common.prepareCreate!(draft, tools);
    draft['status'] = { phase: 'Pending', qosClass: serviceClassOf(draft) };
  },
  prepareSubresource: {
    status: (draft, old, tools) => {
      common.prepareSubresource!['status']!(draft, old, tools);
      setMissing(draft['status'], { qosClass: objectAt(old, 'status')['qosClass'] });
    },
  },
  admitCreate: (draft, { find }) => {
    const spec = draft['spec'] as JsonDraft;
    spec['tolerations'] = withDefaultTolerations((spec['tolerations'] ?? []) as JsonDraft[]);
    const className = textAt(spec, 'priorityClassName');
    const priorityClass = className ? find('scheduling.k8s.io', 'priorityclasses', className) : undefined;
    spec['priority'] = priorityClass?.['value'] ?? 0;
    spec['preemptionPolicy'] ??= priorityClass?.['preemptionPolicy'] ?? 'PreemptLowerPriority';
  },
  validate: (pod) => checkPodSpec('spec', objectAt(pod, 'spec'), { restartPolicies: ['Always', 'OnFailure', 'Never'] }),
  validateUpdate: checkPodUpdate,
  answersWithDeleted: true,
  graceSeconds: (pod, requested) => {
    const spec = objectAt(pod, 'spec');
    const phase = objectAt(pod, 'status')['phase'];
    // What never ran, or has ended, needs no time to end.
    if (!spec['nodeName'] || phase === 'Failed' || phase === 'Succeeded') return 0;
    const seconds = requested ?? (spec['terminationGracePeriodSeconds'] as number | undefined) ?? 0;
    return seconds < 0 ? 1 : seconds;
  },
  fieldSelectors: {
    'spec.nodeName': (pod) => textAt(objectAt(pod, 'spec'), 'nodeName'),
    'spec.restartPolicy': (pod) => textAt(objectAt(pod, 'spec'), 'restartPolicy'),
    'spec.schedulerName': (pod) => textAt(objectAt(pod, 'spec'), 'schedulerName'),
    'spec.serviceAccountName': (pod) => textAt(objectAt(pod, 'spec'), 'serviceAccountName'),
    'spec.hostNetwork': (pod) => (objectAt(pod, 'spec')['hostNetwork'] === true ? 'true' : 'false'),
    'status.phase': (pod) => textAt(objectAt(pod, 'status'), 'phase'),
    'status.podIP': (pod) => textAt(objectAt(pod, 'status'), 'podIP'),
    'status.nominatedNodeName': (pod) => textAt(objectAt(pod, 'status'), 'nominatedNodeName'),
  },
};

const troubles = ['not-ready', 'unreachable'];

/** A pod leaves a node that is in trouble after five minutes, unless it says otherwise. */
function withDefaultTolerations(tolerations: readonly JsonDraft[]): JsonDraft[] {
  const missing = troubles.filter(
    (trouble) =>
      !tolerations.some(
        ({ key, effect }) => (!key || key === `node.kubernetes.io/${trouble}`) && (!effect || effect === 'NoExecute'),
      ),
  );
  const added = missing.map((trouble) => ({
    key: `node.kubernetes.io/${trouble}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  }));
  return [...tolerations, ...added];
}

const mutable =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Of a pod that exists only its images and a few deadlines can change. */
function checkPodUpdate(pod: JsonObject, old: JsonObject): readonly FieldProblem[] {
  const [next, before] = [frozenPart(pod), frozenPart(old)];
  if (equalValues(next, before)) return [];
  return [forbiddenValue('spec', `pod updates may not change fields other than ${mutable}`)];
}

function frozenPart(pod: JsonObject): Json {
  const spec = { ...objectAt(pod, 'spec') };
  for (const name of ['activeDeadlineSeconds', 'tolerations', 'terminationGracePeriodSeconds']) delete spec[name];
  for (const list of ['containers', 'initContainers']) {
    if (spec[list]) spec[list] = itemsAt(objectAt(pod, 'spec'), list).map(withoutImage);
  }
  return spec;
}

function withoutImage(container: JsonObject): JsonObject {
  const { image: _, ...rest } = container;
  return rest;
}
