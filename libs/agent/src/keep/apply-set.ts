import { createHash } from 'node:crypto';
import { Fault } from '@flotilla/foundation';
import { keyOfObject, objectTitle, type KubeObject } from '@flotilla/model';
import type { InventoryItem } from './target-record.ts';
import { applySet } from '../names.ts';

/** Who keeps the set, and by which rules, as kubectl wants it named. */
const tool = 'flotilla';
const tooling = `${tool}/v1.0.0`;

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
    [applySet.tooling]: tooling,
    [applySet.groupKinds]: [...kinds].toSorted().join(','),
    [applySet.namespaces]: [...namespaces].toSorted().join(','),
  };
}

/**
 * Refuses a parent that another tool keeps, or that does not say what it holds: who would go on from there would prune
 * by somebody else's list. `expectedTool` is another than ours only where a peer's rules are looked at.
 */
export function checkParent(parent: KubeObject, expectedTool = tool): void {
  const { annotations = {} } = parent.metadata;
  const keeper = annotations[applySet.tooling]?.replace(/\/[^/]*$/, '');
  if (keeper !== expectedTool)
    throw refused(parent, `is kept by ${keeper ? `"${keeper}"` : 'nobody'} and not by "${expectedTool}"`);
  const kinds = annotations[applySet.groupKinds];
  if (kinds === undefined) throw refused(parent, `does not say in "${applySet.groupKinds}" what it holds`);
  const wrong = kinds
    .split(',')
    .find((kind) => kind !== '' && !/^[A-Z][A-Za-z0-9]*(\.[a-z0-9][a-z0-9.-]*)?$/.test(kind));
  if (wrong !== undefined)
    throw refused(parent, `says in "${applySet.groupKinds}" that it holds "${wrong}", which is no kind`);
}

function refused(parent: KubeObject, why: string): Fault {
  const subject = objectTitle(keyOfObject(parent));
  const message = `${subject} ${why}; nothing is read from it`;
  return new Fault({ code: 'conflict', reason: 'RecordForeign', message, subject });
}
