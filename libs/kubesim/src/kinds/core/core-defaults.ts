import type { JsonDraft } from '../../schema/schema-type.ts';
import type { DefaultsTable } from '../defaults-table.ts';
import { ensureObject, setMissing } from '../set-missing.ts';

export const coreDefaults: DefaultsTable = {
  'core.v1.Service': defaultService,
  'core.v1.Secret': (secret) => {
    setMissing(secret, { type: 'Opaque' });
    foldStringData(secret);
  },
  'core.v1.Namespace': (namespace) => {
    const metadata = ensureObject(namespace, 'metadata');
    if (metadata['name']) ensureObject(metadata, 'labels')['kubernetes.io/metadata.name'] = metadata['name'];
  },
  'core.v1.NamespaceStatus': (status) => setMissing(status, { phase: 'Active' }),
  'core.v1.NodeStatus': (status) => {
    if (status['capacity']) status['allocatable'] ??= { ...status['capacity'] };
  },
  'core.v1.PersistentVolume': (volume) => {
    setMissing(ensureObject(volume, 'status'), { phase: 'Pending' });
    setMissing(ensureObject(volume, 'spec'), { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
  },
  'core.v1.PersistentVolumeClaim': (claim) => setMissing(ensureObject(claim, 'status'), { phase: 'Pending' }),
  'core.v1.PersistentVolumeClaimSpec': (spec) => setMissing(spec, { volumeMode: 'Filesystem' }),
  'core.v1.EndpointPort': (port) => setMissing(port, { protocol: 'TCP' }),
  'core.v1.LimitRangeItem': defaultLimitRangeItem,
};

function defaultService(service: JsonDraft): void {
  const spec = ensureObject(service, 'spec');
  setMissing(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  if (spec['sessionAffinity'] === 'ClientIP' && spec['sessionAffinityConfig']?.clientIP?.timeoutSeconds === undefined) {
    spec['sessionAffinityConfig'] = { clientIP: { timeoutSeconds: 10_800 } };
  }
  for (const port of (spec['ports'] ?? []) as JsonDraft[]) {
    setMissing(port, { protocol: 'TCP' });
    port['targetPort'] ||= port['port'];
  }
  const isExternal = spec['type'] === 'LoadBalancer' || spec['type'] === 'NodePort' || hasExternalAddresses(spec);
  if (isExternal) setMissing(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec['type'] !== 'ExternalName') setMissing(spec, { internalTrafficPolicy: 'Cluster' });
  if (spec['type'] === 'LoadBalancer') defaultLoadBalancer(service, spec);
}

function hasExternalAddresses(spec: JsonDraft): boolean {
  return spec['type'] === 'ClusterIP' && ((spec['externalIPs'] ?? []) as string[]).length > 0;
}

function defaultLoadBalancer(service: JsonDraft, spec: JsonDraft): void {
  spec['allocateLoadBalancerNodePorts'] ??= true;
  for (const ingress of (service['status']?.loadBalancer?.ingress ?? []) as JsonDraft[]) {
    if (ingress['ip']) setMissing(ingress, { ipMode: 'VIP' });
  }
}

function defaultLimitRangeItem(item: JsonDraft): void {
  if (item['type'] !== 'Container') return;
  const limits = { ...item['max'], ...item['default'] };
  const requests = { ...item['min'], ...limits, ...item['defaultRequest'] };
  if (Object.keys(limits).length > 0) item['default'] = limits;
  if (Object.keys(requests).length > 0) item['defaultRequest'] = requests;
}

/** `stringData` is for writing only: it arrives as text and is kept as data. */
function foldStringData(secret: JsonDraft): void {
  const text = secret['stringData'] as Record<string, string> | undefined;
  if (!text) return;
  const encoded = Object.entries(text).map(([key, value]) => [key, Buffer.from(value, 'utf8').toString('base64')]);
  secret['data'] = { ...secret['data'], ...Object.fromEntries(encoded) };
  delete secret['stringData'];
}
