import type { Bundle, HookRecord, InventoryItem } from '../keep/target-record.ts';
import type { HookStanding } from './hook-standing.ts';
import type { Contest } from './contests.ts';
import type { NamespaceStanding } from '../apply/kept-namespace.ts';
import type { PlannedObject } from '../apply/object-plan.ts';
import type { PendingDelete } from './target-memory.ts';
import type { PruneBlock } from '../apply/prune-guard.ts';
import type { Blocked } from './wait.ts';

/** Where one target stands, seen from where its entry wants it. Each name has at most one step that leads on. */
export type DeliveryState =
  /** Somebody stopped every write to it. */
  | { readonly name: 'Suspended'; readonly by: string; readonly reason: string }
  /** A freeze lets nothing be written to it. */
  | { readonly name: 'Frozen' }
  /** There is something to write, and a window of its environment is closed. */
  | { readonly name: 'Closed'; readonly message: string; readonly forMs?: number | undefined }
  /** No entry speaks of it any more. It is kept: a missing entry never deletes. */
  | { readonly name: 'Unlisted' }
  /** Its entry wants it gone from this cluster, objects left in place or deleted. */
  | { readonly name: 'Leaving'; readonly intent: 'orphan' | 'delete'; readonly pending?: readonly PendingDelete[] }
  /** It left. */
  | { readonly name: 'Gone' }
  /** The files of its source digest are not here. */
  | { readonly name: 'SourceMissing' }
  /** The files are here, and were not rendered yet. */
  | { readonly name: 'Unrendered' }
  /** What is about to be made is not written down yet. */
  | {
      readonly name: 'Unrecorded';
      readonly objects: readonly PlannedObject[];
      /** A sync with hooks in it begins. */
      readonly hooks?: HookRecord | undefined;
    }
  /** A sync begins that may outlast its window. */
  | { readonly name: 'Beginning'; readonly order: string }
  /** It is over. */
  | { readonly name: 'SyncOver' }
  /** Labels and annotations of ours stand on a namespace where nobody wants them any more. */
  | { readonly name: 'NamespaceLeft'; readonly namespace: string }
  /** What its application wants on its namespace does not stand there. */
  | { readonly name: 'NamespaceDue'; readonly standing: NamespaceStanding }
  /** What is to be written is new, and nobody asked the API server yet whether it would take it. */
  | { readonly name: 'Untried'; readonly objects: readonly PlannedObject[] }
  /** Some objects are not as they shall be, and it is their turn. */
  | { readonly name: 'OutOfStep'; readonly objects: readonly PlannedObject[]; readonly isLast: boolean }
  /** Hooks have their turn. */
  | { readonly name: 'HooksDue'; readonly hooks: readonly HookStanding[]; readonly sync: string }
  /** Hooks ended, and the record does not say so yet. */
  | { readonly name: 'HooksOver'; readonly hooks: readonly HookStanding[] }
  /** Hooks ended, and their objects are to go. */
  | { readonly name: 'HooksSpent'; readonly items: readonly InventoryItem[] }
  /** A hook failed: the sync is over, and what runs is kept. */
  | { readonly name: 'SyncFailed'; readonly hook: HookStanding }
  /** A hook before its deletion failed: nothing goes until a person says what becomes of that. */
  | { readonly name: 'DepartureHeld'; readonly hook: HookStanding; readonly command: string }
  /** Something is to be done, and what comes before it is not there and well yet. */
  | Blocked
  /** Everything wanted is there; some things unwanted are as well, and may be deleted. */
  | { readonly name: 'Leftover'; readonly leftovers: readonly InventoryItem[] }
  /** All is done, and the record does not say so yet. */
  | {
      readonly name: 'Unsettled';
      /** A person asked for all of it once more, and there is nothing to apply. */
      readonly isAnswered: boolean;
    }
  /** What it runs failed while nobody hears us, and its environment says that it goes back then. */
  | { readonly name: 'RetreatDue'; readonly to: Bundle }
  /** Somebody changes what we own again and again; it is let be until then. */
  | { readonly name: 'Contested'; readonly contest: Contest; readonly forMs: number }
  /** As it shall be, and not well yet; or leftovers wait for a person or for finalizers. */
  | { readonly name: 'Waiting'; readonly block?: PruneBlock; readonly pending?: readonly PendingDelete[] }
  | { readonly name: 'Settled' };
