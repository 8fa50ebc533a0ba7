import { union } from './field-set.ts';
import { ownerId, type Owner, type Owners } from './managers.ts';

const updatersMax = 10;

/**
 * Keeps the list of owners short: when more than ten managers have updated an object, the oldest are put together, per
 * version, under one name.
 */
export function mergeOldestUpdaters(owners: Owners): Owners {
  const updaters = [...owners].filter(([, { operation }]) => operation === 'Update').toSorted(byAge);
  let excess = updaters.length - updatersMax;
  if (excess <= 0) return owners;
  const rest = new Map(owners);
  const firstOfVersion = new Map<string, string>();
  for (const [id, owner] of updaters) {
    if (excess <= 0) break;
    const first = firstOfVersion.get(owner.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(owner.apiVersion, id);
      continue;
    }
    const bucket = { manager: 'ancient-changes', operation: 'Update' as const, apiVersion: owner.apiVersion };
    const bucketId = ownerId(bucket);
    const gathered = rest.get(bucketId) ?? rest.get(first)!;
    if (!rest.has(bucketId)) rest.delete(first);
    rest.delete(id);
    const { time } = owner;
    rest.set(bucketId, {
      ...bucket,
      fields: union(owner.fields, gathered.fields),
      ...(time !== undefined && { time }),
    });
    excess--;
  }
  return rest;
}

function byAge([leftId, left]: [string, Owner], [rightId, right]: [string, Owner]): number {
  const [leftKey, rightKey] = [`${left.time ?? ''} ${leftId}`, `${right.time ?? ''} ${rightId}`];
  return leftKey < rightKey ? -1 : 1;
}
