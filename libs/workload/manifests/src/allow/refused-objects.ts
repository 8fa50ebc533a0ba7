import { matchesGlob } from '@flotilla/foundation';
import { objectTitle, type AllowList, type Labels, type ObjectKey } from '@flotilla/model';
import type { Manifest } from '../manifests/manifest.ts';

/** What a list is held against: objects that know their namespace already. */
export interface RefusedObjectsOptions {
  readonly allow: AllowList;
  /** The application's own namespace, the only one where the list names none. */
  readonly namespace: string;
}

const podSecurityPrefix = 'pod-security.kubernetes.io/';
const podSecurityRefused = 'pod-security labels, without allow.podSecurity';

/**
 * Everything that a project does not let an application hold, each with what stands against it. Asked of what was
 * rendered: what a template, a patch or a generator makes is what counts, not what somebody meant to write.
 */
export function refusedObjects(manifests: readonly Manifest[], options: RefusedObjectsOptions): string[] {
  return manifests.flatMap((manifest) => {
    const why = whyRefused(manifest, options);
    return why ? [`${objectTitle(manifest.key)} (${why})`] : [];
  });
}

/** The namespace of an application with the labels that it wants there, where the project does not let it say them. */
export function refusedOnNamespace({
  allow,
  namespace: name,
  labels,
}: RefusedObjectsOptions & { readonly labels: Labels | undefined }): string | undefined {
  if (allow.podSecurity || !saysPodSecurity(labels)) return undefined;
  return `${objectTitle({ group: '', kind: 'Namespace', name })} (${podSecurityRefused})`;
}

function whyRefused({ key, object }: Manifest, { allow, namespace }: RefusedObjectsOptions): string | undefined {
  if (isNamespace(key) && !allow.podSecurity && saysPodSecurity(object.metadata.labels)) return podSecurityRefused;
  if (key.namespace === undefined)
    return allow.clusterKinds?.some((allowed) => isMeant(key, allowed)) ? undefined : 'not in allow.clusterKinds';
  const { namespaces = [namespace] } = allow;
  if (!namespaces.some((glob) => matchesGlob(key.namespace!, glob))) return 'its namespace is not in allow.namespaces';
  return allow.kinds?.some((allowed) => isMeant(key, allowed)) === false ? 'not in allow.kinds' : undefined;
}

function isMeant(
  { group, kind, name }: ObjectKey,
  allowed: { group: string; kind: string; name?: string | undefined },
) {
  return matchesGlob(group, allowed.group) && matchesGlob(kind, allowed.kind) && matchesGlob(name, allowed.name ?? '*');
}

function isNamespace({ group, kind }: ObjectKey): boolean {
  return group === '' && kind === 'Namespace';
}

function saysPodSecurity(labels: Readonly<Record<string, string>> = {}): boolean {
  return Object.keys(labels).some((label) => label.startsWith(podSecurityPrefix));
}
