import { objectId, targetTitle } from '@flotilla/model';
import type { InventoryItem } from '../../keep/target-record.ts';
import type { Step } from '../step.ts';

/**
 * Writes down what is about to be made, and keeps the files it is made from, before anything is made. Cut off at any
 * moment after this, the agent finds every object of ours again, and can go on without Git.
 */
export const recordInventory: Step<'Unrecorded'> = {
  name: 'record inventory',
  run: async ({ memory, ports }) => {
    const { record, rendered, entry } = memory;
    const known = new Set(record.inventory.map(({ key }) => objectId(key)));
    const fresh = rendered!.objects.filter(({ key }) => !known.has(objectId(key)));
    const planned: InventoryItem[] = fresh.map(({ key, object }) => ({ key, apiVersion: object.apiVersion }));
    const first = record.bundles.find(({ sourceDigest }) => sourceDigest === entry!.sourceDigest)!;
    const bundles = [first, ...record.bundles.filter((bundle) => bundle !== first)];
    const next = { ...record, title: targetTitle(entry!), inventory: [...record.inventory, ...planned], bundles };
    await ports.records.save(next);
    memory.record = next;
    memory.unsaved = false;
  },
};
