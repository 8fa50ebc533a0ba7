import { setOf } from '../../fields/field-set.ts';
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  type FieldProblem,
} from '../../problems/field-problem.ts';
import type { Json, JsonObject } from '../../schema/schema-type.ts';
import { checkOneOf, checkPort, checkPortOrName, itemsAt, objectAt, textAt } from '../check-values.ts';
import type { KindRules } from '../kind-rules.ts';
import { checkName } from '../names.ts';
import { allocateAddresses, keepAllocated } from './service-allocation.ts';

export const serviceRules: KindRules = {
  answersWithDeleted: true,
  nameRule: 'serviceLabel',
  createsOnUpdate: true,
  prepareCreate: (draft, tools) => {
    draft['status'] = tools.zero['status'];
    allocateAddresses(draft['spec'], tools);
  },
  prepareUpdate: (draft, old, tools) => {
    draft['status'] = old['status'];
    keepAllocated(draft, old);
    allocateAddresses(draft['spec'], tools);
  },
  prepareSubresource: { status: (draft, old) => (draft['spec'] = old['spec']) },
  resets: setOf(['f:status']),
  subresourceResets: { status: setOf(['f:spec']) },
  validate: checkService,
  validateUpdate: checkServiceUpdate,
  fieldSelectors: {
    'spec.clusterIP': (service) => textAt(objectAt(service, 'spec'), 'clusterIP'),
    'spec.type': (service) => textAt(objectAt(service, 'spec'), 'type'),
  },
};

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

function checkService(service: JsonObject): FieldProblem[] {
  const spec = objectAt(service, 'spec');
  const ports = itemsAt(spec, 'ports');
  const needsPorts = spec['type'] !== 'ExternalName' && spec['clusterIP'] !== 'None';
  return [
    ...(needsPorts && ports.length === 0 ? [requiredValue('spec.ports')] : []),
    ...ports.flatMap((port, index) => checkServicePort(`spec.ports[${index}]`, port, spec)),
    ...checkNamesOfPorts(ports),
    ...checkSamePorts(ports),
    ...checkOneOf('spec.sessionAffinity', spec['sessionAffinity'], ['ClientIP', 'None']),
    ...checkOneOf('spec.type', spec['type'], types),
    ...(spec['type'] === 'ExternalName' ? checkExternalName(textAt(spec, 'externalName')) : checkAddress(spec)),
  ];
}

function checkExternalName(name: string): FieldProblem[] {
  return name === '' ? [requiredValue('spec.externalName')] : checkName('subdomain', 'spec.externalName', name);
}

const range = '10.0.0.0/16';

function checkAddress(spec: JsonObject): FieldProblem[] {
  const address = textAt(spec, 'clusterIP');
  if (address === 'None' || address === '') return [];
  if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(address)) {
    const detail = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
    return [invalidValue('spec.clusterIPs[0]', address, detail)];
  }
  if (address.startsWith('10.0.')) return [];
  const detail = `failed to allocate IP ${address}: the provided IP (${address}) is not in the valid range. The range of valid IPs is ${range}`;
  return [invalidValue('spec.clusterIPs', spec['clusterIPs'], detail)];
}

function checkServicePort(field: string, port: JsonObject, spec: JsonObject): FieldProblem[] {
  return [
    ...(port['name'] ? checkName('label', `${field}.name`, textAt(port, 'name')) : []),
    ...checkPort(`${field}.port`, port['port']),
    ...checkOneOf(`${field}.protocol`, port['protocol'], ['SCTP', 'TCP', 'UDP']),
    ...checkPortOrName(`${field}.targetPort`, port['targetPort']),
    ...(spec['type'] === 'ClusterIP' && port['nodePort']
      ? [forbiddenValue(`${field}.nodePort`, "may not be used when `type` is 'ClusterIP'")]
      : []),
  ];
}

/** Several ports need names to be told apart. */
function checkNamesOfPorts(ports: readonly JsonObject[]): FieldProblem[] {
  if (ports.length < 2) return [];
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const [field, name] = [`spec.ports[${index}].name`, textAt(port, 'name')];
    if (name === '') return [requiredValue(field)];
    if (names.has(name)) return [duplicateValue(field, name)];
    names.add(name);
    return [];
  });
}

function checkSamePorts(ports: readonly JsonObject[]): FieldProblem[] {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const key = `${port['port'] as number}/${textAt(port, 'protocol')}`;
    if (seen.has(key)) return [duplicateValue(`spec.ports[${index}]`, portAsPrinted(port))];
    seen.add(key);
    return [];
  });
}

/** The server prints the inside of its own type here. */
function portAsPrinted({ port, protocol }: JsonObject): Json {
  return { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
}

function checkServiceUpdate(service: JsonObject, old: JsonObject): FieldProblem[] {
  const [spec, before] = [objectAt(service, 'spec'), objectAt(old, 'spec')];
  const involved = spec['type'] === 'ExternalName' || before['type'] === 'ExternalName';
  if (involved || spec['clusterIP'] === before['clusterIP']) return [];
  return [invalidValue('spec.clusterIPs[0]', spec['clusterIPs'], 'may not change once set')];
}
