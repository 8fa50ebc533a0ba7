import {
  heldBack,
  type BreakingGlass,
  type DeliveryFacts,
  type DeliveryPlan,
  type DeliveryRecord,
  type HeldBackSet,
  type OrderedRollout,
  type OrderGiver,
  type RolloutProgress,
  type RolloutSteering,
  type SelectedTarget,
  type SetContent,
  type TargetSelection,
} from '@flotilla/control-delivery';
import { Fault } from '@flotilla/foundation';
import { actorText, type HeldFence, type Suspension } from '@flotilla/model';
import { TargetRow } from '../rows/target.row.ts';
import { believed, type Speaking } from '../fleet/believed.ts';
import { steerRollout } from '../rollouts/steer-stored-rollout.ts';
import type { Store } from '../store.ts';
import { endFreeze } from './end-freeze.ts';
import { orderTargets } from './order-targets.ts';
import { PlanTogether } from './plan-together.ts';
import { heldJson, heldRows, readBehind, readSets } from './read-sets.ts';
import { SettleTogether } from './settle-together.ts';

/** Releases, rollouts, targets and sets in PostgreSQL. */
export class DeliveryStore implements DeliveryRecord {
  readonly #store: Store;
  readonly #planning: PlanTogether;
  readonly #settling: SettleTogether;
  /** Up to which fence the past of each cluster is buried: most hellos say nothing new. */
  readonly #buried = new Map<string, string>();

  constructor(store: Store) {
    this.#store = store;
    this.#planning = new PlanTogether(store);
    this.#settling = new SettleTogether(store);
  }

  plan(application: string, decide: (facts: DeliveryFacts) => DeliveryPlan): Promise<DeliveryPlan | undefined> {
    return this.#planning.plan(application, decide);
  }

  async setFor(cluster: string, held: HeldFence | 'last-heard'): Promise<SetContent | undefined> {
    const [set] = await this.setsFor(new Map([[cluster, held]]));
    if (set && 'hold' in set) throw heldBack(set);
    return set;
  }

  setsFor(held: ReadonlyMap<string, HeldFence | 'last-heard'>): Promise<readonly (SetContent | HeldBackSet)[]> {
    return readSets(this.#store, held);
  }

  async behind(held: ReadonlyMap<string, HeldFence>): Promise<readonly string[]> {
    const news = [...held].filter(([cluster, fence]) => this.#buried.get(cluster) !== fenceText(fence));
    if (news.length > 0) await this.#bury(new Map(news));
    return readBehind(this.#store, held);
  }

  /** Of what was said, what those said who speak for their clusters: no other word has an effect, not even to be answered. */
  believed<Said extends Speaking>(said: readonly Said[]): Promise<Said[]> {
    return believed(this.#store, said, this.#store.now().getTime());
  }

  suspend(
    selection: TargetSelection,
    suspension: Suspension | undefined,
    by: OrderGiver,
  ): Promise<readonly SelectedTarget[]> {
    const action = suspension ? 'target.suspend' : 'target.resume';
    const message = suspension ? `suspended: ${suspension.reason}` : 'resumed';
    return orderTargets(this.#store, {
      selection,
      by,
      action,
      message,
      change: ({ suspended: _, ...entry }) => (suspension ? { ...entry, suspended: suspension } : entry),
    });
  }

  breakGlass(
    selection: TargetSelection,
    { reason, since, expires }: BreakingGlass,
    by: OrderGiver,
  ): Promise<readonly SelectedTarget[]> {
    return orderTargets(this.#store, {
      selection,
      by,
      action: 'breakglass.sync',
      message: `the newest release passes every freeze until ${expires}: ${reason}`,
      frozen: true,
      change: (entry, sourceDigest) => ({
        ...entry,
        breakGlass: { by: actorText(by), reason, since, expires, sourceDigest },
      }),
    });
  }

  requestSync(selection: TargetSelection, request: string, by: OrderGiver): Promise<readonly SelectedTarget[]> {
    return orderTargets(this.#store, {
      selection,
      by,
      action: 'target.sync',
      message: 'sync asked for',
      lookAtGit: true,
      change: (entry) => ({ ...entry, syncRequest: request }),
    });
  }

  async clusterOf(project: string, target: string): Promise<string> {
    const row = await this.#store.manager.findOneBy(TargetRow, { uid: target, project });
    if (row) return row.cluster;
    const message = `there is no target ${target} in project ${project}`;
    throw new Fault({ code: 'not-found', reason: 'TargetMissing', message });
  }

  /** Looks at a freeze whose end may have come; the answer is in how long to look again. */
  endFreeze(freeze: string): Promise<number | undefined> {
    return endFreeze(this.#store, freeze);
  }

  settleRollout(rollout: string): Promise<RolloutProgress | undefined> {
    return this.#settling.settle(rollout);
  }

  steerRollout(steering: RolloutSteering, by: OrderGiver): Promise<OrderedRollout> {
    return steerRollout(this.#store, steering, by);
  }

  /** Drops the tombstones that these clusters have heard of, and the digests that none of them can hold any more. */
  async #bury(held: ReadonlyMap<string, HeldFence>): Promise<void> {
    await this.#store.query(
      `WITH held AS (SELECT held.* FROM ${heldRows}),
       outdated AS (DELETE FROM issued_set USING held
         WHERE issued_set.cluster = held.cluster AND issued_set.epoch = held.epoch
           AND issued_set.generation < held.generation AND EXISTS (SELECT FROM desired_set wanted
             WHERE wanted.cluster = held.cluster AND wanted.generation >= held.generation))
       DELETE FROM target USING held, desired_set wanted
       WHERE target.cluster = held.cluster AND wanted.cluster = held.cluster AND wanted.epoch = held.epoch
         AND gone_generation <= held.generation AND held.generation <= wanted.generation`,
      [heldJson(held)],
    );
    if (this.#buried.size > buriedMax) this.#buried.clear();
    for (const [cluster, fence] of held) this.#buried.set(cluster, fenceText(fence));
  }
}

/** Far more clusters than one service looks after; past that, what is buried is buried once more. */
const buriedMax = 100_000;

function fenceText({ epoch, generation }: HeldFence): string {
  return `${epoch}/${generation}`;
}
