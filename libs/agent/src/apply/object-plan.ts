import { driftModes, objectId, type DriftMode } from '@flotilla/model';
import type { InventoryItem } from '../keep/target-record.ts';
import type { LiveObject } from '../live/live-object.ts';
import type { DesiredHook, DesiredObject } from './desired-object.ts';
import { driftIn, modeOfObject, type ComparedObject, type DriftSettings, type ObjectDrift } from './object-drift.ts';
import { isCutOff, isOurs } from './ownership.ts';

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
  /** What others changed in what we applied, without what is ignored. */
  readonly drift: readonly ObjectDrift[];
  /** What is done about it. */
  readonly mode: DriftMode;
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
  /** Wanted as well, at their time: they are compared with nothing, and no leftovers. */
  readonly hooks: readonly DesiredHook[];
  readonly inventory: readonly InventoryItem[];
  readonly live: (object: DesiredObject) => LiveObject | undefined;
  readonly settings: DriftSettings;
  /** Another release is wanted than what runs. */
  readonly isDeploying: boolean;
  /** Whether an autoscaler says how many of it there are. */
  readonly isScaled: (object: DesiredObject) => boolean;
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
    const compared = { desired, item, live, scaled: input.isScaled(desired) };
    const found = driftIn(compared, input.settings);
    const applyAll = input.applyAll && !input.isReapplied(desired);
    const isSync = input.isDeploying || applyAll;
    // A sync takes back what others did, whatever is done about that between two syncs.
    const drift = isSync ? found.map((each) => ({ ...each, mode: 'correct' as const })) : found;
    const standing = standingOf(input.target, compared, drift);
    const mode = isSync ? 'correct' : modeOf({ desired, standing, drift }, input.settings);
    const due = isDrift(standing) ? mode === 'correct' : standing !== 'same' || applyAll;
    const held = due && isDrift(standing) && !applyAll && input.isContested(desired);
    return { desired, item, live, standing, drift, mode, write: due && !held, held };
  });
  const wanted = new Set([...input.desired, ...input.hooks].map(({ key }) => objectId(key)));
  return { objects, leftovers: input.inventory.filter(({ key }) => !wanted.has(objectId(key))) };
}

function standingOf(
  target: string,
  { desired, item, live }: ComparedObject,
  drift: readonly ObjectDrift[],
): ObjectStanding {
  if (!live) return isMissed(item, desired) ? 'deleted' : 'absent';
  if (!isOurs({ target, item, live })) return 'foreign';
  // What is said to be in the making may never have come to be as it shall be: it is written once more.
  if (item?.manifest !== desired.manifest || isCutOff(item)) return 'changed';
  const isKnownWell = live.owned === item.owned || live.changed !== undefined;
  return isKnownWell && drift.length === 0 ? 'same' : 'drifted';
}

/** The most that is done about any of the fields. */
function modeOf(
  { desired, standing, drift }: Pick<PlannedObject, 'desired' | 'standing' | 'drift'>,
  settings: DriftSettings,
): DriftMode {
  if (!isDrift(standing)) return settings.drift;
  const modes = drift.length > 0 ? drift.map(({ mode }) => mode) : [modeOfObject(desired, settings)];
  return driftModes.findLast((mode) => modes.includes(mode)) ?? 'correct';
}

/** It was there as it shall be. Where the record says that it was being made, it may never have come to be. */
function isMissed(item: InventoryItem | undefined, { manifest }: DesiredObject): boolean {
  return item?.uid !== undefined && !item.making && item.manifest === manifest;
}

/** Not Git but somebody else changed how it stands. */
export function isDrift(standing: ObjectStanding): boolean {
  return standing === 'drifted' || standing === 'deleted';
}

/** As far as is known nothing of ours stands there. */
export function isToBeMade(standing: ObjectStanding): boolean {
  return standing === 'absent' || standing === 'deleted';
}

/** It never ran here as it shall be now. */
export function isNew(standing: ObjectStanding): boolean {
  return standing !== 'same' && !isDrift(standing);
}
