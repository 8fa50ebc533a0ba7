import { Fault } from '@flotilla/foundation';
import { objectTitle, type FieldConflict, type KubeObject, type ObjectKey } from '@flotilla/model';
import type { PlannedObject } from './object-plan.ts';
import { owningInventoryOf } from './ownership.ts';

/** What stands there is somebody else's: another uid than in our inventory, or never ours. */
export function foreignFault({ desired, item }: PlannedObject, there: KubeObject): Fault {
  const lost = item?.uid !== undefined;
  const managers =
    [...new Set((there.metadata.managedFields ?? []).map(({ manager }) => manager))].join(', ') || 'somebody else';
  const message = lost
    ? `${objectTitle(desired.key)} was deleted and made again by ${managers}: it is no longer ours and is left alone; delete it, or set sync.adopt`
    : `${objectTitle(desired.key)} exists already and belongs to ${managers}; it is left alone: delete it, or set sync.adopt`;
  return stalled({ reason: lost ? 'OwnershipLost' : 'Conflict', message, subject: objectTitle(desired.key) });
}

/** Not even adopted: two tools that prune by their inventories would fight for it. */
export function inventoryFault({ desired }: PlannedObject, there: KubeObject): Fault {
  const subject = objectTitle(desired.key);
  const message = `${subject} is in the inventory ${owningInventoryOf(there)} of another tool (config.k8s.io/owning-inventory); it is left alone: let that tool give it up first`;
  return stalled({ reason: 'Conflict', message, subject });
}

export function suspendedFault({ desired }: PlannedObject): Fault {
  const title = objectTitle(desired.key);
  return stalled({
    reason: 'Suspended',
    message: `${title} is suspended by a person and is not taken over`,
    subject: title,
  });
}

/** Fields that we never set belong to others. */
export function conflictFault(key: ObjectKey, conflicts: readonly FieldConflict[]): Fault {
  const fields = conflicts.map(({ field, manager }) => `${field} (${manager})`).join(', ');
  const message = `${objectTitle(key)}: fields that we never set belong to others: ${fields}; take them out of Git, or set sync.adopt`;
  return stalled({ reason: 'Conflict', message, subject: objectTitle(key) });
}

function stalled({ reason, message, subject }: { reason: string; message: string; subject: string }): Fault {
  const consequence = { kind: 'stall' as const, until: 'a person decides whose object it is' };
  return new Fault({ code: 'conflict', reason, message, subject, consequence });
}
