import { objectId, targetTitle } from '@flotilla/model';
import { withBundle, type InventoryItem } from '../../keep/target-record.ts';
import { beforeDeleteOf, departureHooks, withoutDeparture } from '../departure.ts';
import { saveRecord } from '../save-record.ts';
import type { Step } from '../step.ts';

/**
 * Writes down what is about to be made, and keeps the files it is made from, before anything is made. Cut off at any
 * moment after this, the agent finds every object of ours again, and can go on without Git.
 */
export const recordInventory: Step<'Unrecorded'> = {
  name: 'record inventory',
  run: async ({ memory, state, ports }) => {
    const { record, entry } = memory;
    const again = new Set(state.objects.map(({ item }) => item));
    const kept = record.inventory.map((item) => (again.has(item) ? { ...item, making: true } : item));
    const fresh = state.objects.filter(({ item }) => !item).map(({ desired }) => desired);
    const planned: InventoryItem[] = fresh.map(({ key, object: { apiVersion }, manifest }) => ({
      key,
      apiVersion,
      manifest,
    }));
    const bundle = record.bundles.find(({ sourceDigest }) => sourceDigest === entry!.sourceDigest)!;
    const { bundles } = withBundle(record, bundle, memory.runsWell);
    for (const { desired, standing } of state.objects)
      if (standing === 'deleted') memory.missed.add(objectId(desired.key));
    const hooks = state.hooks ?? withoutDeparture(record.hooks);
    const { hooks: _, afterDelete: __, beforeDelete: ___, ...rest } = record;
    const afterDelete = departureHooks(memory.rendered!.hooks, 'PostDelete');
    const beforeDelete = beforeDeleteOf(memory);
    await saveRecord(memory, ports, {
      ...rest,
      title: targetTitle(entry!),
      inventory: [...kept, ...planned],
      bundles,
      ...(hooks && { hooks }),
      ...(afterDelete.length > 0 && { afterDelete }),
      ...(beforeDelete && { beforeDelete }),
    });
  },
};
