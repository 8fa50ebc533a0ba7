import type { KindInfo } from './kind-table.ts';

/** What one document of the discovery API says. */
export interface Discovered {
  readonly kinds: readonly KindInfo[];
  readonly failedGroups: readonly string[];
}

export interface AggregatedList {
  readonly items?: readonly AggregatedGroup[];
}

interface AggregatedGroup {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly {
    readonly version: string;
    readonly freshness?: string;
    readonly resources?: readonly {
      readonly resource: string;
      readonly responseKind?: { readonly kind?: string };
      readonly scope?: string;
      readonly verbs?: readonly string[];
      readonly subresources?: readonly { readonly subresource: string }[];
    }[];
  }[];
}

/** Reads `APIGroupDiscoveryList`: every group, version and kind in one answer. */
export function readAggregated(list: AggregatedList): Discovered {
  const kinds: KindInfo[] = [];
  const failed = new Set<string>();
  for (const { metadata, versions = [] } of list.items ?? []) {
    const group = metadata?.name ?? '';
    for (const { version, freshness, resources = [] } of versions) {
      // `Stale` says that the server behind this group does not answer, and what follows is its last word.
      if (freshness === 'Stale') failed.add(group);
      for (const { resource, responseKind, scope, verbs = [], subresources = [] } of resources) {
        if (!responseKind?.kind) continue;
        const names = subresources.map(({ subresource }) => subresource);
        const namespaced = scope === 'Namespaced';
        kinds.push({
          group,
          version,
          kind: responseKind.kind,
          plural: resource,
          namespaced,
          verbs,
          subresources: names,
        });
      }
    }
  }
  return { kinds, failedGroups: [...failed] };
}

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

export interface GroupList {
  readonly groups?: readonly {
    readonly name: string;
    readonly versions?: readonly { readonly version: string }[];
    readonly preferredVersion?: { readonly version: string };
  }[];
}

/** Reads `APIGroupList` into the versions to ask for, the preferred one of each group first. */
export function readGroups({ groups = [] }: GroupList): GroupVersion[] {
  return groups.flatMap(({ name, versions = [], preferredVersion }) => {
    const served = versions.map(({ version }) => version);
    const ordered = preferredVersion ? new Set([preferredVersion.version, ...served]) : served;
    return Array.from(ordered, (version) => ({ group: name, version }));
  });
}

export interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced?: boolean;
    readonly verbs?: readonly string[];
  }[];
}

/** Reads `APIResourceList`, in which `deployments/status` stands beside `deployments`. */
export function readResources({ group, version }: GroupVersion, { resources = [] }: ResourceList): KindInfo[] {
  const kinds = resources.filter(({ name }) => !name.includes('/'));
  return kinds.map(({ name, kind, namespaced = false, verbs = [] }) => {
    const under = resources.filter((other) => other.name.startsWith(`${name}/`));
    const subresources = under.map((other) => other.name.slice(name.length + 1));
    return { group, version, kind, plural: name, namespaced, verbs, subresources };
  });
}
