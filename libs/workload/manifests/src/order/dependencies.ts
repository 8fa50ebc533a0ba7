import { done, refused, type Outcome } from '@flotilla/foundation';
import { objectId, type KubeObject, type ObjectKey } from '@flotilla/model';
import { annotation, wordsIn } from './annotations.ts';

/** Something that can be put in order: an object, or only the key of one that Git does not have any more. */
export interface Orderable {
  readonly key: ObjectKey;
  readonly object?: KubeObject;
}

/** For each item, those of the others that have to be there first. */
export type Needs<Item> = ReadonlyMap<Item, readonly Item[]>;

/**
 * Who needs whom: an object its namespace, a custom resource its definition, and everything what its `depends-on`
 * annotation names. A name that is not among the items is nobody's need here.
 */
export function needsOf<Item extends Orderable>(items: readonly Item[]): Needs<Item> {
  const byId = new Map(items.map((item) => [objectId(item.key), item]));
  const definitions = definitionsByGroup(items);
  return new Map(
    items.map((item) => {
      const named = [...namespaceId(item.key), ...statedIds(item)].map((id) => byId.get(id));
      const needed = [...named, ...(definitions.get(item.key.group) ?? [])].filter((other) => other !== undefined);
      return [item, [...new Set(needed)].filter((other) => other !== item)];
    }),
  );
}

function namespaceId({ namespace }: ObjectKey): string[] {
  return namespace === undefined ? [] : [objectId({ group: '', kind: 'Namespace', name: namespace })];
}

function statedIds({ object }: Orderable): string[] {
  const stated = object && dependsOn(object);
  return stated?.ok ? stated.value.map(objectId) : [];
}

/** A definition is named `plural.group`. */
function definitionsByGroup<Item extends Orderable>(items: readonly Item[]): Map<string, Item[]> {
  const definitions = items.filter(({ key }) => key.kind === 'CustomResourceDefinition');
  return Map.groupBy(definitions, ({ key }) => key.name.slice(key.name.indexOf('.') + 1));
}

/**
 * The objects that an object says it depends on: `group/kind/name` or `group/namespaces/namespace/kind/name`, several
 * with commas between. The reason says which part cannot be read.
 */
export function dependsOn(object: KubeObject): Outcome<ObjectKey[], string> {
  const list = annotation(object, 'flotilla.dev/depends-on') ?? annotation(object, 'config.kubernetes.io/depends-on');
  if (list === undefined) return done([]);
  const keys: ObjectKey[] = [];
  for (const word of wordsIn(list)) {
    const key = keyIn(word);
    if (!key) return refused(`\`${word}\` must be group/kind/name or group/namespaces/namespace/kind/name`);
    keys.push(key);
  }
  return done(keys);
}

function keyIn(word: string): ObjectKey | undefined {
  const parts = word.split('/');
  const [group = '', second, third, fourth, fifth] = parts;
  if (parts.length === 5 && second === 'namespaces' && third && fourth && fifth) {
    return { group, kind: fourth, namespace: third, name: fifth };
  }
  return parts.length === 3 && second && third ? { group, kind: second, name: third } : undefined;
}
