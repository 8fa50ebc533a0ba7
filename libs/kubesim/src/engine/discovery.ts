import { noSuchResource } from '../problems/status-fault.ts';
import { serverVersion } from '../schema/builtin.ts';
import type { ResourceRegistry } from './resource-registry.ts';
import type { ServedResource, ServedSubresource } from './served-resource.ts';

const aggregated = 'apidiscovery.k8s.io';

/** The documents in which a server describes itself. */
export function discover(registry: ResourceRegistry, path: string, accept = ''): object {
  const wantsAll = accept.includes(`g=${aggregated}`) && accept.includes('v=v2');
  switch (path) {
    case '/version':
      return versionDocument();
    case '/api':
      return wantsAll ? aggregate(registry, (group) => group === '') : coreVersions();
    case '/apis':
      return wantsAll ? aggregate(registry, (group) => group !== '') : groupList(registry);
    default:
      return path.startsWith('/apis/') && path.split('/').length === 3
        ? groupDocument(registry, path.split('/')[2]!)
        : resourceList(registry, path.replace(/^\/apis?\//, ''));
  }
}

/** The content type that says which document an aggregated discovery is. */
export function discoveryContentType(path: string, accept = ''): string {
  const isAggregated = (path === '/api' || path === '/apis') && accept.includes(`g=${aggregated}`);
  return isAggregated ? `application/json;g=${aggregated};v=v2;as=APIGroupDiscoveryList` : 'application/json';
}

function versionDocument(): object {
  const { major, minor, gitVersion } = serverVersion;
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'kubesim',
    platform: '',
  };
}

function coreVersions(): object {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

function groupList(registry: ResourceRegistry): object {
  const names = [...new Set(registry.all().map(({ group }) => group))].filter((group) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: names.map((name) => describeGroup(registry, name)) };
}

function groupDocument(registry: ResourceRegistry, group: string): object {
  if (!registry.hasGroup(group)) throw noSuchResource();
  return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(registry, group) };
}

interface GroupVersion {
  readonly groupVersion: string;
  readonly version: string;
}

interface Group {
  readonly name: string;
  readonly versions: readonly GroupVersion[];
  readonly preferredVersion: GroupVersion;
}

function describeGroup(registry: ResourceRegistry, name: string): Group {
  const versions = versionsOf(registry, name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0]! };
}

function versionsOf(registry: ResourceRegistry, group: string): string[] {
  return [
    ...new Set(
      registry
        .all()
        .filter((resource) => resource.group === group)
        .map(({ version }) => version),
    ),
  ];
}

function resourceList(registry: ResourceRegistry, groupVersion: string): object {
  const served = registry.all().filter(({ apiVersion }) => apiVersion === groupVersion);
  if (served.length === 0) throw noSuchResource();
  const resources = served
    .toSorted(byName)
    .flatMap((resource) => [
      describeResource(resource),
      ...resource.subresources.map((subresource) => describeSubresource(resource, subresource)),
    ]);
  return { kind: 'APIResourceList', ...(groupVersion.includes('/') && { apiVersion: 'v1' }), groupVersion, resources };
}

function byName(left: ServedResource, right: ServedResource): number {
  return left.plural < right.plural ? -1 : 1;
}

function describeResource(resource: ServedResource): object {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, storageVersionHash } = resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(storageVersionHash && { storageVersionHash }),
  };
}

function describeSubresource({ plural, namespaced }: ServedResource, subresource: ServedSubresource): object {
  const { name, kind, group, version, verbs } = subresource;
  return {
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    ...(group && { group }),
    ...(version && { version }),
    kind,
    verbs,
  };
}

function aggregate(registry: ResourceRegistry, isWanted: (group: string) => boolean): object {
  const names = [...new Set(registry.all().map(({ group }) => group))].filter(isWanted);
  const items = names.map((name) => ({
    metadata: name === '' ? {} : { name },
    versions: versionsOf(registry, name).map((version) => ({
      version,
      resources: registry
        .all()
        .filter((resource) => resource.group === name && resource.version === version)
        .toSorted(byName)
        .map(aggregateResource),
      freshness: 'Current',
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: `${aggregated}/v2`, metadata: {}, items };
}

function aggregateResource(resource: ServedResource): object {
  const { plural, kind, namespaced, singular, verbs, shortNames, categories, subresources } = resource;
  const own = resource.isCustom ? { group: resource.group, version: resource.version } : { group: '', version: '' };
  return {
    resource: plural,
    responseKind: { ...own, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subresources.length > 0 && {
      subresources: subresources.map(({ name, kind: its, group = '', version = '', verbs: allowed }) => ({
        subresource: name,
        responseKind: { ...(group ? { group, version } : own), kind: its },
        verbs: allowed,
      })),
    }),
  };
}
