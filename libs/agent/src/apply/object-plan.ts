import { objectId, type DriftMode } from '@flotilla/model';
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
  readonly drift: DriftMode;
  /** A person asked for everything to be applied once more. */
  readonly applyAll: boolean;
}

/** Compares what shall be with what is. Pure; nothing that is as it shall be is ever sent. */
export function planObjects(input: PlanObjectsInput): ObjectPlan {
  const items = new Map(input.inventory.map((item) => [objectId(item.key), item]));
  const objects = input.desired.map((desired) => {
    const item = items.get(objectId(desired.key));
    const live = input.live(desired);
    const standing = standingOf({ target: input.target, desired, item, live });
    return { desired, item, live, standing, write: isToBeWritten(standing, input) };
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
  if (!live) return 'absent';
  if (!isOurs({ target, item, live })) return 'foreign';
  if (item?.manifest !== desired.manifest) return 'changed';
  return live.owned === item.owned ? 'same' : 'drifted';
}

function isToBeWritten(standing: ObjectStanding, { drift, applyAll }: PlanObjectsInput): boolean {
  if (standing === 'drifted') return applyAll || drift === 'correct';
  return standing !== 'same' || applyAll;
}
