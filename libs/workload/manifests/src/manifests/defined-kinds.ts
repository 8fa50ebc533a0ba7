import type { KubeObject } from '@flotilla/model';
import type { KnownKinds, Manifest, Scope } from './manifest.ts';

/** The kinds that custom resource definitions among the manifests bring with them, before any cluster knows them. */
export function definedKinds(manifests: readonly Manifest[]): KnownKinds {
  const scopes = new Map<string, Scope>();
  for (const { key, object } of manifests) {
    const { spec } = object as KubeObject & { readonly spec?: DefinitionSpec | null };
    if (key.group !== 'apiextensions.k8s.io' || key.kind !== 'CustomResourceDefinition' || !spec?.names) continue;
    scopes.set(`${spec.group}/${spec.names.kind}`, spec.scope === 'Cluster' ? 'cluster' : 'namespaced');
  }
  return ({ group, kind }) => scopes.get(`${group}/${kind}`);
}

interface DefinitionSpec {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: { readonly kind?: string };
}
