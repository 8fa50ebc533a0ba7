import { objectId } from '@flotilla/model';
import type { InventoryItem } from '../keep/target-record.ts';
import type { LiveObject } from '../live/live-object.ts';
import type { DesiredObject } from './desired-object.ts';
import { isOurs } from './ownership.ts';

/** How one object of a target stands. */
export type ObjectStanding =
  /** As it shall be. */
  | 'same'
  /** Not there. */
  | 'absent'
  /** Ours, its manifest is the same, but somebody deleted it. */
  | 'deleted'
  /** Ours, but its manifest is another one now. */
  | 'changed'
  /** Ours, its manifest is the same, but somebody changed what we own. */
  | 'drifted'
  /** There, and not ours: another uid than in our inventory, or never ours. */
  | 'foreign';

export interface PlannedObject {
  readonly desired: DesiredObject;
  readonly item: InventoryItem | undefined;
  readonly live: LiveObject | undefined;
  readonly standing: ObjectStanding;
  /** Whether it is to be written now. */
  readonly write: boolean;
  /** It would be written, were it not contested. */
  readonly held: boolean;
}

export interface ObjectPlan {
  readonly objects: readonly PlannedObject[];
  /** Ours, and no longer wanted. */
  readonly leftovers: readonly InventoryItem[];
}

export interface PlanObjectsInput {
  readonly target: string;
  readonly desired: readonly DesiredObject[];
  readonly inventory: readonly InventoryItem[];
  readonly live: (object: DesiredObject) => LiveObject | undefined;
  /** Whether what others did to our objects is undone. */
  readonly correctDrift: boolean;
  /** A person asked for everything to be applied once more. */
  readonly applyAll: boolean;
  /** Which of that is done already. */
  readonly isReapplied: (object: DesiredObject) => boolean;
  /** Whether somebody changes this object again and again, so that we let it be for now. */
  readonly isContested: (object: DesiredObject) => boolean;
}

/** Compares what shall be with what is. Pure; nothing that is as it shall be is ever sent. */
export function planObjects(input: PlanObjectsInput): ObjectPlan {
  const items = new Map(input.inventory.map((item) => [objectId(item.key), item]));
  const objects = input.desired.map((desired) => {
    const item = items.get(objectId(desired.key));
    const live = input.live(desired);
    const standing = standingOf({ target: input.target, desired, item, live });
    const applyAll = input.applyAll && !input.isReapplied(desired);
    const due = isToBeWritten(standing, { correctDrift: input.correctDrift, applyAll });
    const held = due && isDrift(standing) && !applyAll && input.isContested(desired);
    return { desired, item, live, standing, write: due && !held, held };
  });
  const wanted = new Set(input.desired.map(({ key }) => objectId(key)));
  return { objects, leftovers: input.inventory.filter(({ key }) => !wanted.has(objectId(key))) };
}

interface Compared {
  readonly target: string;
  readonly desired: DesiredObject;
  readonly item: InventoryItem | undefined;
  readonly live: LiveObject | undefined;
}

function standingOf({ target, desired, item, live }: Compared): ObjectStanding {
  if (!live) return isMissed(item, desired) ? 'deleted' : 'absent';
  if (!isOurs({ target, item, live })) return 'foreign';
  if (item?.manifest !== desired.manifest) return 'changed';
  return live.owned === item.owned ? 'same' : 'drifted';
}

/** It was there as it shall be. Where the record says that it was being made, it may never have come to be. */
function isMissed(item: InventoryItem | undefined, { manifest }: DesiredObject): boolean {
  return item?.uid !== undefined && !item.making && item.manifest === manifest;
}

/** Not Git but somebody else changed how it stands. */
export function isDrift(standing: ObjectStanding): boolean {
  return standing === 'drifted' || standing === 'deleted';
}

function isToBeWritten(
  standing: ObjectStanding,
  { correctDrift, applyAll }: Pick<PlanObjectsInput, 'correctDrift' | 'applyAll'>,
): boolean {
  if (isDrift(standing)) return applyAll || correctDrift;
  return standing !== 'same' || applyAll;
}
