import { isoTime, type Ids } from '@flotilla/foundation';
import {
  systemActor,
  type DesiredEntry,
  type Fence,
  type RolloutStrategyInput,
  type TargetStatus,
} from '@flotilla/model';
import type { DeliveryRecord } from '../delivery-record.port.ts';
import type { DeliveryPlan } from '../plan/delivery-plan.ts';
import { planDelivery } from '../plan/plan-delivery.ts';
import type { RecoveryRecord } from '../recovery/recovery-record.port.ts';

/** Applications `checkout` and `catalog` of the default project, which enter `dev`; no clusters and no commit yet. */
export interface DeliveryWorld {
  readonly record: DeliveryRecord;
  readonly recovery: RecoveryRecord;
  readonly ids: Ids;
  readonly uids: Readonly<Record<'checkout' | 'catalog', string>>;
  /** Adds a cluster that is labelled for `dev`, and gives its uid. */
  readonly addCluster: (name: string) => Promise<string>;
  /** A commit that changes what an application reads was seen in Git. */
  readonly push: (application: 'checkout' | 'catalog') => Promise<void>;
  /** From the next rollout on, releases go over `dev` like this. */
  readonly useStrategy: (strategy: RolloutStrategyInput) => Promise<void>;
  readonly deleteApplication: (application: 'checkout' | 'catalog') => Promise<void>;
  /** Somebody freezes everything in `dev` until they lift it. */
  readonly freeze: (name: string) => Promise<void>;
  readonly lift: (name: string) => Promise<void>;
  /** Time passes. */
  readonly pass: (ms: number) => Promise<void>;
  /** An agent, which held this set, spoke of its targets. */
  readonly report: (cluster: string, fence: Fence, statuses: readonly TargetStatus[]) => Promise<void>;
}

/** One thing that every filling of the record does alike. */
export interface DeliveryRecordCase {
  readonly title: string;
  readonly run: (world: DeliveryWorld) => Promise<void>;
}

/** Whose orders these are. */
export const by = systemActor('test');
/** Since when things are as they are said to be. */
export const since = isoTime(0);

/** Plans one application as its work is done. */
export function plan(
  { record, ids, uids }: DeliveryWorld,
  name: 'checkout' | 'catalog',
): Promise<DeliveryPlan | undefined> {
  return record.plan(uids[name], (facts) => planDelivery(facts, ids));
}

/** What an agent says of a target that is as it shall be. */
export function statusOf(entry: DesiredEntry, over: Partial<TargetStatus>): TargetStatus {
  const { target, generation, release, sourceDigest, source } = entry;
  const applied = { revision: source.revision, release, sourceDigest, appliedAt: since };
  return { target, generation, ...applied, sync: 'Synced', health: 'Healthy', since, resources: [], ...over };
}
