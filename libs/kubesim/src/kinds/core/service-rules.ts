import { setOf } from '../../fields/field-set.ts';
import { equalValues } from '../../fields/values.ts';
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  type FieldProblem,
} from '../../problems/field-problem.ts';
import type { Json, JsonDraft, JsonObject } from '../../schema/schema-type.ts';
import { checkOneOf, checkPort, checkPortOrName, itemsAt, objectAt, textAt } from '../check-values.ts';
import type { KindRules, KindTools } from '../kind-rules.ts';
import { checkName } from '../names.ts';
import { setMissing } from '../set-missing.ts';

export const serviceRules: KindRules = {
  answersWithDeleted: true,
  nameRule: 'serviceLabel',
  createsOnUpdate: true,
  prepareCreate: (draft, tools) => {
    draft['status'] = tools.zero['status'];
    syncAddresses(draft['spec']);
    allocate(draft['spec'], tools);
  },
  prepareUpdate: (draft, old, tools) => {
    draft['status'] = old['status'];
    const spec = draft['spec'] as JsonDraft;
    keepAllocated(spec, objectAt(old, 'spec'));
    syncAddresses(spec);
    allocate(spec, tools);
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

/** `clusterIP` and the first of `clusterIPs` are one thing under two names. */
function syncAddresses(spec: JsonDraft): void {
  if (spec['type'] === 'ExternalName') return;
  if (spec['clusterIP'] && !spec['clusterIPs']) spec['clusterIPs'] = [spec['clusterIP']];
  else if (spec['clusterIPs']?.length > 0 && !spec['clusterIP']) spec['clusterIP'] = spec['clusterIPs'][0];
}

function allocate(spec: JsonDraft, { addresses }: KindTools): void {
  if (spec['type'] === 'ExternalName') return;
  if (!spec['clusterIP']) {
    spec['clusterIP'] = addresses.nextAddress();
    spec['clusterIPs'] = [spec['clusterIP']];
  }
  setMissing(spec, ipFamilies(spec));
  const wantsPorts = spec['type'] === 'NodePort' || (spec['type'] === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false);
  if (!wantsPorts) return;
  for (const port of (spec['ports'] ?? []) as JsonDraft[]) port['nodePort'] ||= addresses.nextNodePort();
}

/** A headless service without a selector is somebody else's: it may have addresses of both families. */
function ipFamilies(spec: JsonDraft): Record<string, unknown> {
  const isOpen = spec['clusterIP'] === 'None' && Object.keys(spec['selector'] ?? {}).length === 0;
  if (isOpen) return { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' };
  return { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
}

/** What the server allocated stays when the writer does not mention it, as long as the type still has it. */
function keepAllocated(spec: JsonDraft, old: JsonObject): void {
  const names = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'];
  if (spec['type'] === 'ExternalName') {
    for (const name of names) if (equalValues(spec[name], old[name])) delete spec[name];
  } else if (old['type'] !== 'ExternalName') {
    for (const name of names) spec[name] ??= old[name];
  }
  keepNodePorts(spec, old);
}

function keepNodePorts(spec: JsonDraft, old: JsonObject): void {
  const hasPorts = spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer';
  const before = itemsAt(old, 'ports');
  for (const port of (spec['ports'] ?? []) as JsonDraft[]) {
    const same = before.find((other) => other['port'] === port['port'] && other['protocol'] === port['protocol']);
    if (hasPorts && same?.['nodePort']) port['nodePort'] ||= same['nodePort'];
    else if (!hasPorts && same && port['nodePort'] === same['nodePort']) delete port['nodePort'];
  }
}

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
    const key = `${String(port['port'])}/${textAt(port, 'protocol')}`;
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
