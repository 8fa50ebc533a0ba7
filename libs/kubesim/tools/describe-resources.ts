/** A discovery document: `/api/v1` or `/apis/GROUP/VERSION`. */
export interface ResourceListDocument {
  readonly groupVersion: string;
  readonly resources: readonly DiscoveredResource[];
}

interface DiscoveredResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
}

const subresourcesOffered = ['status', 'scale', 'finalize', 'binding'];

/** The offered kinds of one group and version, in the form that kubesim reads. */
export function describeResources({ groupVersion, resources }: ResourceListDocument, kinds: readonly string[]) {
  const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
  return resources
    .filter(({ name, kind }) => !name.includes('/') && kinds.includes(kind))
    .map(({ name, singularName, namespaced, kind, verbs, shortNames, categories, storageVersionHash }) => ({
      group,
      version: version,
      kind,
      plural: name,
      singular: singularName,
      namespaced,
      verbs,
      shortNames,
      categories,
      storageVersionHash,
      type: `${packageOf(group)}.${version}.${kind}`,
      subresources: subresourcesOf(resources, name),
    }));
}

function subresourcesOf(resources: readonly DiscoveredResource[], plural: string) {
  return resources
    .filter(({ name }) => subresourcesOffered.some((subresource) => name === `${plural}/${subresource}`))
    .map(({ name, kind, group, version, verbs }) => ({ name: name.split('/')[1], kind, group, version, verbs }));
}

/** Where the Go type lives: the package is named after the group's first word, the core group's is `core`. */
function packageOf(group: string): string {
  return group === '' ? 'core' : group.split('.')[0];
}
