import { quantityNumber } from '../../decode/quantity.ts';
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  type FieldProblem,
} from '../../problems/field-problem.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import { checkOneOf, checkPort, checkPortName, checkPortOrName, itemsAt, objectAt, textAt } from '../check-values.ts';
import { checkName, checkQualifiedName } from '../names.ts';

/** What containers of one pod may not have in common, and what they may refer to. */
export interface ContainerSurroundings {
  readonly volumeNames: ReadonlySet<string>;
  readonly names: Set<string>;
}

export function checkContainer(field: string, container: JsonObject, around: ContainerSurroundings): FieldProblem[] {
  return [
    ...checkContainerName(`${field}.name`, textAt(container, 'name'), around.names),
    ...checkImage(`${field}.image`, textAt(container, 'image')),
    ...checkPorts(`${field}.ports`, itemsAt(container, 'ports')),
    ...checkEnvironment(`${field}.env`, itemsAt(container, 'env')),
    ...checkMounts(`${field}.volumeMounts`, itemsAt(container, 'volumeMounts'), around.volumeNames),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) => checkProbe(field, container, name)),
    ...checkOneOf(`${field}.terminationMessagePolicy`, container['terminationMessagePolicy'], messagePolicies),
    ...checkOneOf(`${field}.imagePullPolicy`, container['imagePullPolicy'], pullPolicies),
    ...checkResources(`${field}.resources`, objectAt(container, 'resources')),
  ];
}

const messagePolicies = ['File', 'FallbackToLogsOnError'];
const pullPolicies = ['Always', 'IfNotPresent', 'Never'];

function checkContainerName(field: string, name: string, names: Set<string>): FieldProblem[] {
  if (name === '') return [requiredValue(field)];
  const problems = checkName('label', field, name);
  if (names.has(name)) problems.push(duplicateValue(field, name));
  names.add(name);
  return problems;
}

function checkImage(field: string, image: string): FieldProblem[] {
  if (image === '') return [requiredValue(field)];
  return image === image.trim() ? [] : [invalidValue(field, image, 'must not have leading or trailing whitespace')];
}

function checkPorts(field: string, ports: readonly JsonObject[]): FieldProblem[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const at = `${field}[${index}]`;
    const name = textAt(port, 'name');
    const problems = name ? checkPortName(`${at}.name`, name) : [];
    if (name && names.has(name)) problems.push(duplicateValue(`${at}.name`, name));
    names.add(name);
    if (port['containerPort'] === 0) problems.push(requiredValue(`${at}.containerPort`));
    else problems.push(...checkPort(`${at}.containerPort`, port['containerPort']));
    if (port['hostPort']) problems.push(...checkPort(`${at}.hostPort`, port['hostPort']));
    return [...problems, ...checkOneOf(`${at}.protocol`, port['protocol'], ['SCTP', 'TCP', 'UDP'])];
  });
}

const variableDetail =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";

function checkEnvironment(field: string, variables: readonly JsonObject[]): FieldProblem[] {
  return variables.flatMap((variable, index) => {
    const at = `${field}[${index}]`;
    const name = textAt(variable, 'name');
    const problems: FieldProblem[] = [];
    if (name === '') problems.push(requiredValue(`${at}.name`));
    else if (!/^[ -<>-~]+$/.test(name)) problems.push(invalidValue(`${at}.name`, name, variableDetail));
    if (variable['valueFrom'] && variable['value']) {
      problems.push(invalidValue(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty'));
    }
    return problems;
  });
}

function checkMounts(field: string, mounts: readonly JsonObject[], volumes: ReadonlySet<string>): FieldProblem[] {
  const paths = new Set<string>();
  return mounts.flatMap((mount, index) => {
    const at = `${field}[${index}]`;
    const [name, path] = [textAt(mount, 'name'), textAt(mount, 'mountPath')];
    const problems: FieldProblem[] = [];
    if (name === '') problems.push(requiredValue(`${at}.name`));
    else if (!volumes.has(name)) problems.push(unknownVolume(`${at}.name`, name));
    if (path === '') problems.push(requiredValue(`${at}.mountPath`));
    else if (paths.has(path)) problems.push(invalidValue(`${at}.mountPath`, path, 'must be unique'));
    paths.add(path);
    return problems;
  });
}

function unknownVolume(field: string, name: string): FieldProblem {
  return { reason: 'FieldValueNotFound', field, message: `Not found: ${JSON.stringify(name)}` };
}

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

function checkProbe(field: string, container: JsonObject, name: string): FieldProblem[] {
  if (!container[name]) return [];
  const at = `${field}.${name}`;
  const probe = objectAt(container, name);
  const [first, second] = handlers.filter((handler) => probe[handler] !== undefined);
  if (!first) return [requiredValue(at, 'must specify a handler type')];
  const problems = ['httpGet', 'tcpSocket'].includes(first)
    ? checkPortOrName(`${at}.${first}.port`, objectAt(probe, first)['port'])
    : [];
  if (second) problems.push(forbiddenValue(`${at}.${second}`, 'may not specify more than 1 handler type'));
  return problems;
}

const standardResources = ['cpu', 'memory', 'ephemeral-storage'];

function checkResources(field: string, resources: JsonObject): FieldProblem[] {
  const limits = objectAt(resources, 'limits') as Record<string, string>;
  const requests = objectAt(resources, 'requests') as Record<string, string>;
  const above = Object.entries(requests).filter(([name, amount]) => exceeds(amount, limits[name]));
  return [
    ...checkAmounts(`${field}.limits`, limits),
    ...checkAmounts(`${field}.requests`, requests),
    ...above.map(([name, amount]) =>
      invalidValue(`${field}.requests`, amount, `must be less than or equal to ${name} limit of ${limits[name]}`),
    ),
  ];
}

function exceeds(request: string, limit: string | undefined): boolean {
  return limit !== undefined && (quantityNumber(request) ?? 0) > (quantityNumber(limit) ?? 0);
}

function checkAmounts(field: string, amounts: Readonly<Record<string, string>>): FieldProblem[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const at = `${field}[${name}]`;
    const problems = checkQualifiedName(at, name);
    if (!name.includes('/') && !isStandard(name)) {
      problems.push(invalidValue(at, name, 'must be a standard resource type or fully qualified'));
      problems.push(invalidValue(at, name, 'must be a standard resource for containers'));
    } else if ((quantityNumber(amount) ?? 0) < 0) {
      problems.push(invalidValue(at, amount, 'must be greater than or equal to 0'));
    }
    return problems;
  });
}

function isStandard(name: string): boolean {
  return standardResources.includes(name) || name.startsWith('hugepages-');
}
