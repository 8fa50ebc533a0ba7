import { createHash } from 'node:crypto';
import type { InventoryItem } from './target-record.ts';
import { applySet } from '../names.ts';

/** The id that kubectl computes for an ApplySet whose parent is the Secret `name` in `namespace`. */
export function applySetId(name: string, namespace: string): string {
  const digest = createHash('sha256').update(`${name}.${namespace}.Secret.`).digest('base64url');
  return `applyset-${digest}-v1`;
}

/** What the parent of an ApplySet says of its members. */
export function applySetAnnotations(inventory: readonly InventoryItem[], namespace: string): Record<string, string> {
  const kinds = new Set(inventory.map(({ key }) => (key.group ? `${key.kind}.${key.group}` : key.kind)));
  const namespaces = new Set(inventory.flatMap(({ key }) => key.namespace ?? []));
  namespaces.delete(namespace);
  return {
    [applySet.tooling]: 'flotilla/v1',
    [applySet.groupKinds]: [...kinds].toSorted().join(','),
    [applySet.namespaces]: [...namespaces].toSorted().join(','),
  };
}
