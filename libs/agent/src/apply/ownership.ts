import type { KubeObject } from '@flotilla/model';
import type { InventoryItem } from '../keep/target-record.ts';
import type { LiveObject } from '../live/live-object.ts';
import { marks } from '../names.ts';

export interface OwnershipQuestion {
  readonly target: string;
  readonly item: InventoryItem | undefined;
  readonly live: LiveObject;
}

/**
 * Ours is what our inventory holds under its uid. Where the uid is not known, because we may have been cut off between
 * making it and writing that down, our label together with our field manager counts; a copied label alone never does.
 */
export function isOurs({ target, item, live }: OwnershipQuestion): boolean {
  if (!item) return false;
  if (item.uid !== undefined && item.uid === live.uid) return true;
  return isCutOff(item) && live.target === target && live.fields !== undefined;
}

/** Whether it may be deleted as ours: besides all that, our field manager is still on it. */
export function isProvenOurs(question: OwnershipQuestion): boolean {
  return isOurs(question) && question.live.fields !== undefined;
}

/** It was to be made, and how that ended is not written down. */
export function isCutOff({ uid, making }: InventoryItem): boolean {
  return uid === undefined || making === true;
}

/**
 * The inventory of another tool (kpt, Config Sync and whatever else stands on cli-utils) that an object says it is in.
 * It proves nothing, but such a tool prunes by it: what it holds is not adopted under its hands.
 */
export function owningInventoryOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.['config.k8s.io/owning-inventory'];
}

/** A person wants no writes to it, whosever it is. */
export function isSuspended({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[marks.suspend] !== undefined;
}
