import type { JsonDraft } from '../../schema/schema-type.ts';
import { ensureObject, setMissing } from '../set-missing.ts';
import type { DefaultsTable } from '../defaults-table.ts';

const defaultMode = 0o644;

export const podDefaults: DefaultsTable = {
  'core.v1.Pod': defaultPod,
  'core.v1.PodSpec': (spec) => {
    setMissing(spec, { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' });
    spec['securityContext'] ??= {};
    spec['terminationGracePeriodSeconds'] ??= 30;
    // The two names of one field: an older client writes the other one.
    if (spec['serviceAccountName']) spec['serviceAccount'] = spec['serviceAccountName'];
    else if (spec['serviceAccount']) spec['serviceAccountName'] = spec['serviceAccount'];
  },
  'core.v1.Container': defaultContainer,
  'core.v1.EphemeralContainer': defaultContainer,
  'core.v1.Probe': (probe) => {
    const values = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
    for (const [name, value] of Object.entries(values)) probe[name] ||= value;
  },
  'core.v1.HTTPGetAction': (action) => setMissing(action, { path: '/', scheme: 'HTTP' }),
  'core.v1.GRPCAction': (action) => (action['service'] ??= ''),
  'core.v1.ObjectFieldSelector': (selector) => setMissing(selector, { apiVersion: 'v1' }),
  'core.v1.Volume': (volume) => {
    if (Object.keys(volume).every((name) => name === 'name')) volume['emptyDir'] = {};
  },
  'core.v1.ImageVolumeSource': (image) => {
    if (image['reference']) setMissing(image, { pullPolicy: pullPolicyOf(image['reference'] as string) });
  },
  'core.v1.SecretVolumeSource': (source) => (source['defaultMode'] ??= defaultMode),
  'core.v1.ConfigMapVolumeSource': (source) => (source['defaultMode'] ??= defaultMode),
  'core.v1.DownwardAPIVolumeSource': (source) => (source['defaultMode'] ??= defaultMode),
  'core.v1.ProjectedVolumeSource': (source) => (source['defaultMode'] ??= defaultMode),
  'core.v1.ServiceAccountTokenProjection': (projection) => (projection['expirationSeconds'] ??= 3600),
  'core.v1.HostPathVolumeSource': (source) => (source['type'] ??= ''),
  'core.v1.EphemeralVolumeSource': (source) => {
    const claim = source['volumeClaimTemplate'] as JsonDraft | undefined;
    if (claim) ensureObject(claim, 'spec')['volumeMode'] ??= 'Filesystem';
  },
};

function defaultContainer(container: JsonDraft): void {
  setMissing(container, {
    imagePullPolicy: pullPolicyOf((container['image'] ?? '') as string),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
}

/** An image without a tag, or tagged `latest`, may be another one tomorrow. A digest never is. */
function pullPolicyOf(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const name = image.slice(image.lastIndexOf('/') + 1);
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest';
  return tag === 'latest' && image !== '' ? 'Always' : 'IfNotPresent';
}

function defaultPod(pod: JsonDraft): void {
  const spec = ensureObject(pod, 'spec');
  for (const list of ['containers', 'initContainers']) {
    for (const container of (spec[list] ?? []) as JsonDraft[]) defaultRequests(container);
  }
  spec['enableServiceLinks'] ??= true;
  if (spec['hostNetwork']) defaultHostPorts(spec);
}

/** What is limited and not requested is requested up to its limit. */
function defaultRequests(container: JsonDraft): void {
  const resources = container['resources'] as JsonDraft | undefined;
  const limits = resources?.['limits'] as Record<string, string> | undefined;
  if (resources && limits) resources['requests'] = { ...limits, ...(resources['requests'] as object | undefined) };
}

function defaultHostPorts(spec: JsonDraft): void {
  for (const list of ['containers', 'initContainers']) {
    for (const container of (spec[list] ?? []) as JsonDraft[]) {
      for (const port of (container['ports'] ?? []) as JsonDraft[]) port['hostPort'] ||= port['containerPort'];
    }
  }
}
