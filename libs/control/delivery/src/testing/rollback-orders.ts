import { isoTime } from '@flotilla/foundation';
import { noFence, systemActor, type DesiredEntry, type HealthStatus, type RollbackRequest } from '@flotilla/model';
import { planDelivery } from '../plan/plan-delivery.ts';
import { previewRollback, rollBack } from '../rollback/roll-back.ts';
import type { RollbackRecord } from '../rollback/rollback-record.port.ts';
import type { DeliveryWorld } from './delivery-world.ts';

/** A fleet whose record takes orders to go back as well. */
export interface RollbackWorld extends DeliveryWorld {
  readonly rollbacks: RollbackRecord;
}

/** One thing that every filling of the record of rollbacks does alike. */
export interface RollbackCase {
  readonly title: string;
  readonly run: (world: RollbackWorld) => Promise<void>;
}

/** Whose orders these are. */
export const by = systemActor('test');
/** What they ask for where nothing else is said. */
export const request: RollbackRequest = {
  selection: { application: 'checkout' },
  to: 'previous-good',
  reason: 'incident 42',
  runHooks: false,
  repair: true,
  atOnce: false,
};

/** A commit enters these clusters, and is so on all of them. Gives what each is ordered. */
export async function enter(world: RollbackWorld, clusters: readonly string[], health: HealthStatus, minute: number) {
  await world.push('checkout');
  await plan(world);
  const entries: DesiredEntry[] = [];
  for (const cluster of clusters) entries.push(await reportAll(world, cluster, health, minute));
  return entries;
}

/** The agent of a cluster has applied what it is ordered, and says how that is. */
export async function reportAll(world: RollbackWorld, cluster: string, health: HealthStatus, minute: number) {
  const { fence, entries } = (await world.record.setFor(cluster, noFence))!;
  const at = isoTime(minute * 60_000);
  await world.report(
    cluster,
    fence,
    entries.map(({ target, generation, release, sourceDigest, source: { revision } }) => ({
      target,
      generation,
      release,
      sourceDigest,
      revision,
      sync: 'Synced',
      health,
      since: at,
      appliedAt: at,
      resources: [],
    })),
  );
  return entries[0]!;
}

/** What the targets of these clusters are ordered. */
export async function entriesOf(world: RollbackWorld, clusters: readonly string[]): Promise<readonly DesiredEntry[]> {
  const sets = await Promise.all(clusters.map((cluster) => world.record.setFor(cluster, noFence)));
  return sets.flatMap((set) => set!.entries);
}

/** Plans `checkout` as its work is done. */
export function plan({ record, ids, uids }: RollbackWorld) {
  return record.plan(uids.checkout, (facts) => planDelivery(facts, ids));
}

/** What an order rests on, as its giver sees it now. */
export async function viewOf(world: RollbackWorld, over: Partial<RollbackRequest> = {}): Promise<string> {
  return (await previewRollback(world.rollbacks, { project: 'default', ...request, ...over })).standing;
}

/** Gives an order that rests on what was seen. */
export function give(world: RollbackWorld, standing: string, requestKey?: string, over: Partial<RollbackRequest> = {}) {
  const ports = { record: world.rollbacks, ids: world.ids };
  return rollBack(ports, { project: 'default', ...request, ...over, standing }, { ...by, request: requestKey });
}

/** Looks, and orders at once. */
export async function order(world: RollbackWorld, over: Partial<RollbackRequest> = {}): Promise<string> {
  return give(world, await viewOf(world, over), undefined, over);
}

/** Carries an order out, and tells which rollouts it began. */
export async function rolloutsBegun(
  world: RollbackWorld,
  over: Partial<RollbackRequest> = {},
): Promise<readonly string[]> {
  const began: string[] = [];
  const listening: RollbackRecord = {
    rollbackFacts: (asked) => world.rollbacks.rollbackFacts(asked),
    unpin: (asked, giver) => world.rollbacks.unpin(asked, giver),
    liftQuarantine: (asked, giver) => world.rollbacks.liftQuarantine(asked, giver),
    answerFailure: (rollout, decisions) => world.rollbacks.answerFailure(rollout, decisions),
    rollBack: (asked, { resolve, plan: decide }, giver) =>
      world.rollbacks.rollBack(
        asked,
        {
          resolve,
          plan: (resolved, mark) => {
            const planned = decide(resolved, mark);
            began.splice(0, began.length, ...planned.flatMap(({ places }) => places.map(({ rollout }) => rollout)));
            return planned;
          },
        },
        giver,
      ),
  };
  const standing = await viewOf(world, over);
  await rollBack({ record: listening, ids: world.ids }, { project: 'default', ...request, ...over, standing }, by);
  return began;
}
