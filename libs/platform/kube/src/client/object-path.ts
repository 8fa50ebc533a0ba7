import { Fault } from '@flotilla/foundation';
import {
  groupOf,
  keyOfObject,
  objectTitle,
  versionOf,
  type GroupKind,
  type KubeObject,
  type ObjectKey,
} from '@flotilla/model';
import type { KindInfo } from '../discovery/kind-table.ts';

/** The path of all objects of a kind, in one namespace or, without one, in all. */
export function collectionPath({ group, version, plural, namespaced }: KindInfo, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespaced && namespace ? `${root}/namespaces/${segment(namespace)}/${plural}` : `${root}/${plural}`;
}

/** The path of one object, or of a part of it such as `status`. */
export function objectPath(info: KindInfo, key: ObjectKey, subresource?: string): string {
  requireNamespace(info, key);
  const path = `${collectionPath(info, key.namespace)}/${segment(key.name)}`;
  return subresource ? `${path}/${segment(subresource)}` : path;
}

/** Without its namespace, an object of a namespaced kind would be looked for across the whole cluster. */
export function requireNamespace({ namespaced }: KindInfo, key: ObjectKey): void {
  if (!namespaced || key.namespace) return;
  const message = `${objectTitle(key)} needs a namespace: ${key.kind} is a namespaced kind`;
  throw new Fault({ code: 'invalid', reason: 'NamespaceRequired', message, subject: objectTitle(key) });
}

/** The kind and version that a manifest asks for. */
export function kindOfObject({ apiVersion, kind }: KubeObject): { groupKind: GroupKind; version: string } {
  return { groupKind: { group: groupOf(apiVersion), kind }, version: versionOf(apiVersion) };
}

export function titleOf(object: KubeObject): string {
  return objectTitle(keyOfObject(object));
}

/**
 * A name as part of a path. An empty one would turn the deletion of an object into that of all its siblings, and dots
 * would climb out of the path; encoding stops neither.
 */
function segment(name: string): string {
  if (name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name)) return encodeURIComponent(name);
  const message = `\`${name}\` cannot be the name of an object: Kubernetes uses names in paths`;
  throw new Fault({ code: 'invalid', reason: 'NameInvalid', message });
}
