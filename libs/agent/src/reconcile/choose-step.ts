import type { DeliveryState } from './delivery-state.ts';
import type { Step } from './step.ts';
import { applyObjects } from './steps/apply-objects.ts';
import { awaitHealth } from './steps/await-health.ts';
import { awaitTurn } from './steps/await-turn.ts';
import { beginSync } from './steps/begin-sync.ts';
import { clearNamespaceMetadata } from './steps/clear-namespace.ts';
import { clearHooks } from './steps/clear-hooks.ts';
import { endHooks } from './steps/end-hooks.ts';
import { endSync } from './steps/end-sync.ts';
import { startHooks } from './steps/start-hooks.ts';
import { fetchSource } from './steps/fetch-source.ts';
import { keepNamespaceMetadata } from './steps/keep-namespace.ts';
import { keepRecord } from './steps/keep-record.ts';
import { leaveCluster } from './steps/leave-cluster.ts';
import { pruneLeftovers } from './steps/prune-leftovers.ts';
import { recordInventory } from './steps/record-inventory.ts';
import { renderManifests } from './steps/render-manifests.ts';
import { retreat } from './steps/retreat.ts';
import { settleRecord } from './steps/settle-record.ts';
import { tryObjects } from './steps/try-objects.ts';

/** Every step there is, by the state that it leads out of. A new one arrives as one file and one line here. */
const steps: { readonly [Name in DeliveryState['name']]?: Step<Name> } = {
  Leaving: leaveCluster,
  SourceMissing: fetchSource,
  Unrendered: renderManifests,
  Unrecorded: recordInventory,
  Beginning: beginSync,
  SyncOver: endSync,
  NamespaceLeft: clearNamespaceMetadata,
  NamespaceDue: keepNamespaceMetadata,
  Untried: tryObjects,
  OutOfStep: applyObjects,
  Leftover: pruneLeftovers,
  Unsettled: settleRecord,
  RetreatDue: retreat,
  HooksDue: startHooks,
  HooksOver: endHooks,
  HooksSpent: clearHooks,
  Blocked: awaitTurn,
  Waiting: awaitHealth,
  Closed: keepRecord,
  SyncFailed: keepRecord,
  DepartureHeld: keepRecord,
};

/** The one step that leads on from a state; none where there is nothing to do, or nothing that we may do. */
export function chooseStep(state: DeliveryState): Step | undefined {
  return steps[state.name] as Step | undefined;
}
