import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  type FieldProblem,
} from '../../problems/field-problem.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import { checkNotNegative, checkOneOf, itemsAt, objectAt, textAt } from '../check-values.ts';
import { checkName, checkQualifiedName } from '../names.ts';
import { checkContainer } from './check-container.ts';

export interface PodSpecRules {
  /** The restart policies that the owner of the pods allows. */
  readonly restartPolicies: readonly string[];
  /** Volumes that the owner gives to its pods besides those that they name themselves. */
  readonly claims?: readonly string[];
}

/** What is wrong with the description of pods, wherever it is. */
export function checkPodSpec(field: string, spec: JsonObject, rules: PodSpecRules): FieldProblem[] {
  const volumes = itemsAt(spec, 'volumes');
  return [
    ...checkVolumes(`${field}.volumes`, volumes),
    ...checkContainers(field, spec, usableVolumes(volumes, rules)),
    ...checkRestartPolicy(`${field}.restartPolicy`, textAt(spec, 'restartPolicy'), rules),
    ...checkOneOf(`${field}.dnsPolicy`, spec['dnsPolicy'], [
      'ClusterFirstWithHostNet',
      'ClusterFirst',
      'Default',
      'None',
    ]),
    ...Object.keys(objectAt(spec, 'nodeSelector')).flatMap((key) => checkQualifiedName(`${field}.nodeSelector`, key)),
    ...checkIdentity(field, spec),
    ...checkTimes(field, spec),
    ...checkTolerations(`${field}.tolerations`, itemsAt(spec, 'tolerations')),
  ];
}

function usableVolumes(volumes: readonly JsonObject[], { claims = [] }: PodSpecRules): ReadonlySet<string> {
  const usable = volumes.filter((volume) => sourcesOf(volume).length === 1);
  return new Set([...usable.map((volume) => textAt(volume, 'name')), ...claims]);
}

function checkContainers(field: string, spec: JsonObject, volumeNames: ReadonlySet<string>): FieldProblem[] {
  const [containers, initContainers] = [itemsAt(spec, 'containers'), itemsAt(spec, 'initContainers')];
  const names = new Set<string>();
  const checkAll = (list: readonly JsonObject[], path: string) =>
    list.flatMap((container, index) => checkContainer(`${path}[${index}]`, container, { volumeNames, names }));
  if (containers.length === 0) return [requiredValue(`${field}.containers`)];
  return [...checkAll(containers, `${field}.containers`), ...checkAll(initContainers, `${field}.initContainers`)];
}

function checkRestartPolicy(field: string, policy: string, { restartPolicies }: PodSpecRules): FieldProblem[] {
  if (restartPolicies.includes(policy)) return [];
  // A job has no default: it has to say which of the two it wants.
  if (policy === 'Always') {
    return [requiredValue(field, `valid values: ${restartPolicies.map((word) => `"${word}"`).join(', ')}`)];
  }
  return checkOneOf(field, policy, restartPolicies);
}

function checkIdentity(field: string, spec: JsonObject): FieldProblem[] {
  const account = textAt(spec, 'serviceAccountName');
  return account ? checkName('subdomain', `${field}.serviceAccountName`, account) : [];
}

function checkTimes(field: string, spec: JsonObject): FieldProblem[] {
  const deadline = spec['activeDeadlineSeconds'];
  const outside = typeof deadline === 'number' && (deadline < 1 || deadline > 2 ** 31 - 1);
  const detail = 'must be between 1 and 2147483647, inclusive';
  return outside ? [invalidValue(`${field}.activeDeadlineSeconds`, deadline, detail)] : [];
}

function checkVolumes(field: string, volumes: readonly JsonObject[]): FieldProblem[] {
  const names = new Set<string>();
  return volumes.flatMap((volume, index) => {
    const name = textAt(volume, 'name');
    const at = `${field}[${index}]`;
    const problems: FieldProblem[] = [];
    if (name === '') problems.push(requiredValue(`${at}.name`));
    else problems.push(...checkName('label', `${at}.name`, name));
    if (name !== '' && names.has(name)) problems.push(duplicateValue(`${at}.name`, name));
    names.add(name);
    const [, second] = sourcesOf(volume);
    if (second) problems.push(forbiddenValue(`${at}.${second}`, 'may not specify more than 1 volume type'));
    return problems;
  });
}

/** The order in which a real server looks at the sources of a volume: it complains about all but the first. */
const sourceOrder = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'secret',
  'nfs',
  'persistentVolumeClaim',
  'downwardAPI',
  'configMap',
];

function sourcesOf(volume: JsonObject): string[] {
  return Object.keys(volume)
    .filter((key) => key !== 'name')
    .toSorted((left, right) => placeOf(left) - placeOf(right));
}

function placeOf(source: string): number {
  return sourceOrder.includes(source) ? sourceOrder.indexOf(source) : sourceOrder.length;
}

function checkTolerations(field: string, tolerations: readonly JsonObject[]): FieldProblem[] {
  return tolerations.flatMap((toleration, index) => {
    const at = `${field}[${index}]`;
    const key = textAt(toleration, 'key');
    return [
      ...(key ? checkQualifiedName(`${at}.key`, key) : []),
      ...(!key && toleration['operator'] !== 'Exists'
        ? [invalidValue(`${at}.operator`, textAt(toleration, 'operator'), operatorDetail)]
        : []),
      ...checkNotNegative(`${at}.priority`, toleration['priority']),
    ];
  });
}

const operatorDetail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
