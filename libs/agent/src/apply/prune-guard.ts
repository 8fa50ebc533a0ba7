import { digestOf } from '@flotilla/foundation/node';
import { objectId, objectTitle, type ObjectKey } from '@flotilla/model';
import type { InventoryItem } from '../keep/target-record.ts';
import { marks } from '../names.ts';

/** Why leftovers are not deleted now. */
export interface PruneBlock {
  readonly code: string;
  readonly message: string;
}

export interface PruneGuardInput {
  readonly leftovers: readonly InventoryItem[];
  /** How many objects the target has, leftovers included. */
  readonly total: number;
  /** The render held nothing at all. */
  readonly emptyRender: boolean;
  readonly pruneEnabled: boolean;
  /** The target's record, where a person approves. */
  readonly record: ObjectKey;
  /** Whether an object says of itself that a person confirms its deletion. */
  readonly isConfirmed?: (item: InventoryItem) => boolean;
  /** The digest of the list that a person approved, if one did. */
  readonly approved: string | undefined;
}

/** Deleting more than this at once, or a larger share than that, waits for a person. */
const countMax = 20;
const shareMax = 0.3;
/** A share means nothing among a few objects. */
const shareCountsFrom = 5;

/** Kinds that take other things with them. */
const dangerousKinds = new Set([
  '/Namespace',
  'apiextensions.k8s.io/CustomResourceDefinition',
  '/PersistentVolume',
  '/PersistentVolumeClaim',
]);

/** Decides whether leftovers may be deleted. Pure. An empty render is never read as "delete everything". */
export function guardPrune(input: PruneGuardInput): PruneBlock | undefined {
  const { leftovers, emptyRender, pruneEnabled, approved, isConfirmed = () => false } = input;
  if (leftovers.length === 0) return undefined;
  if (!pruneEnabled) return { code: 'PruneOff', message: `${names(leftovers)} left Git and stay: sync.prune is false` };
  const digest = listDigest(leftovers);
  if (approved === digest) return undefined;
  if (emptyRender) return waiting(input, 'EmptySource', 'the source holds no manifests any more');
  const dangerous = leftovers.filter(takesMoreWithIt);
  if (dangerous.length > 0)
    return waiting(input, 'ApprovalRequired', `deleting ${names(dangerous)} takes more with it`);
  const confirmed = leftovers.filter(isConfirmed);
  if (confirmed.length > 0)
    return waiting(input, 'ApprovalRequired', `${names(confirmed)} says of itself that a person confirms its deletion`);
  return isLarge(input)
    ? waiting(input, 'ApprovalRequired', `${leftovers.length} of ${input.total} objects would be deleted`)
    : undefined;
}

/** Whether deleting it deletes what others made: objects in it, objects of its kind, the data behind it. */
export function takesMoreWithIt({ key }: InventoryItem): boolean {
  return dangerousKinds.has(`${key.group}/${key.kind}`);
}

function isLarge({ leftovers, total }: PruneGuardInput): boolean {
  return leftovers.length > countMax || (leftovers.length >= shareCountsFrom && leftovers.length > total * shareMax);
}

/** Names exactly this list: an approval of it is void as soon as the list is another one. */
export function listDigest(leftovers: readonly InventoryItem[]): string {
  return digestOf(leftovers.map(({ key, uid }) => `${objectId(key)} ${uid ?? ''}`).toSorted()).slice(0, 16);
}

function waiting({ leftovers, record }: PruneGuardInput, code: string, why: string): PruneBlock {
  const approval = `${marks.approvePrune}=${listDigest(leftovers)}`;
  const command = `kubectl annotate --overwrite secret -n ${record.namespace} ${record.name} ${approval}`;
  return { code, message: `${why}; ${names(leftovers)} stay until a person approves with: ${command}` };
}

function names(items: readonly InventoryItem[]): string {
  const shown = items.slice(0, 5).map(({ key }) => objectTitle(key));
  const more = items.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more (all of them stand among its resources)` : shown.join(', ');
}
