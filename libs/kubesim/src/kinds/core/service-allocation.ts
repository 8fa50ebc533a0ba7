import { equalValues } from '../../fields/values.ts';
import type { JsonDraft, JsonObject } from '../../schema/schema-type.ts';
import { itemsAt, objectAt, textAt } from '../check-values.ts';
import type { KindTools } from '../kind-rules.ts';
import { setMissing } from '../set-missing.ts';

/** Gives a service the addresses and node ports that its type has and its writer does not name. */
export function allocateAddresses(spec: JsonDraft, { addresses }: KindTools): void {
  if (!needsAddress(spec)) return;
  if (spec['clusterIP'] && !spec['clusterIPs']) spec['clusterIPs'] = [spec['clusterIP']];
  else if (spec['clusterIPs']?.length > 0 && !spec['clusterIP']) spec['clusterIP'] = spec['clusterIPs'][0];
  if (!spec['clusterIP']) {
    spec['clusterIP'] = addresses.nextAddress();
    spec['clusterIPs'] = [spec['clusterIP']];
  }
  setMissing(spec, ipFamilies(spec));
  if (!needsNodePorts(spec)) return;
  for (const port of (spec['ports'] ?? []) as JsonDraft[]) port['nodePort'] ||= addresses.nextNodePort();
}

/** A headless service without a selector is somebody else's: it may have addresses of both families. */
function ipFamilies(spec: JsonDraft): Record<string, unknown> {
  const isOpen = spec['clusterIP'] === 'None' && Object.keys(spec['selector'] ?? {}).length === 0;
  if (isOpen) return { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' };
  return { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
}

/**
 * Carries over what the server allocated and the writer does not mention, and drops what the new type does not have,
 * unless the writer changed it: then it is for the checks to refuse.
 */
export function keepAllocated(service: JsonDraft, old: JsonObject): void {
  const [spec, before] = [service['spec'] as JsonDraft, objectAt(old, 'spec')];
  const addressed = ['clusterIP', 'clusterIPs'];
  const families = ['ipFamilies', 'ipFamilyPolicy'];
  if (needsAddress(before) && needsAddress(spec)) {
    for (const name of addressed) spec[name] ||= before[name];
    for (const name of families) spec[name] ??= before[name];
  }
  if (needsAddress(before) && !needsAddress(spec)) dropSame(spec, before, [...addressed, ...families]);
  if (needsNodePorts(before)) keepNodePorts(spec, before);
  const lost = before['type'] === 'LoadBalancer' && spec['type'] !== 'LoadBalancer';
  if (lost) dropSame(spec, before, ['allocateLoadBalancerNodePorts', 'loadBalancerClass']);
  if (isExternal(before) && !isExternal(spec)) dropSame(spec, before, ['externalTrafficPolicy']);
  if (spec['type'] !== 'LoadBalancer') service['status'] = { ...service['status'], loadBalancer: {} };
}

function dropSame(spec: JsonDraft, before: JsonObject, names: readonly string[]): void {
  for (const name of names) if (equalValues(spec[name], before[name])) delete spec[name];
}

/** Node ports stay with the ports of the same name, as long as nobody else took them. */
function keepNodePorts(spec: JsonDraft, before: JsonObject): void {
  const ports = (spec['ports'] ?? []) as JsonDraft[];
  const old = itemsAt(before, 'ports');
  const oldNumbers = new Set(old.map((port) => port['nodePort']));
  if (!needsNodePorts(spec)) {
    const isNew = ports.some((port) => port['nodePort'] && !oldNumbers.has(port['nodePort']));
    if (!isNew) for (const port of ports) delete port['nodePort'];
    return;
  }
  const taken = new Set(ports.map((port) => port['nodePort']).filter((number) => oldNumbers.has(number)));
  for (const port of ports) {
    const same = old.find((other) => textAt(other, 'name') === ((port['name'] ?? '') as string));
    if (!port['nodePort'] && same?.['nodePort'] && !taken.has(same['nodePort'])) port['nodePort'] = same['nodePort'];
  }
}

type Spec = JsonDraft | JsonObject;

function needsAddress(spec: Spec): boolean {
  return spec['type'] !== 'ExternalName';
}

function needsNodePorts(spec: Spec): boolean {
  if (spec['type'] === 'NodePort') return true;
  return spec['type'] === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false;
}

function isExternal(spec: Spec): boolean {
  if (spec['type'] === 'LoadBalancer' || spec['type'] === 'NodePort') return true;
  return spec['type'] === 'ClusterIP' && itemsAt(spec, 'externalIPs').length > 0;
}
