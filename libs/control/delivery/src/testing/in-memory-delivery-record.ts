import { createIds, type Ids } from '@flotilla/foundation';
import {
  isOpenRollout,
  type DesiredEntry,
  type Fence,
  type HeldFence,
  type Suspension,
  type TargetStatus,
  type WorkKind,
} from '@flotilla/model';
import type {
  BreakingGlass,
  DeliveryRecord,
  OrderedRollout,
  OrderGiver,
  RolloutProgress,
  RolloutSteering,
  SelectedTarget,
  HeldBackSet,
  SetContent,
  TargetSelection,
} from '../delivery-record.port.ts';
import type { DeliveryFacts } from '../facts.ts';
import type { DeliveryPlan } from '../plan/delivery-plan.ts';
import type { GatedRollout, WaveOrder } from '../promotion/gated-rollout.ts';
import type {
  ApprovalOrder,
  ApproveOrder,
  Approved,
  Held,
  HoldOrder,
  Overridden,
  OverrideOrder,
  PromoteOrder,
  Promoted,
  PromotionRecord,
  Unheld,
  UnholdOrder,
} from '../promotion/promotion-record.port.ts';
import { stageMissing } from '../promotion/promotion-refusals.ts';
import {
  type FleetStanding,
  type Recovered,
  type RecoveryOrder,
  type RecoveryRecord,
} from '../recovery/recovery-record.port.ts';
import { rolloutMissing } from '../rollout/steer-rollout.ts';
import { heldBack } from '../send-set.ts';
import type { WebAnswer } from '../promotion/web-answers.ts';
import { InMemoryFacts, type InMemorySurroundings } from './in-memory-facts.ts';
import { InMemoryPromotions } from './in-memory-promotions.ts';
import { InMemoryRequests } from './in-memory-requests.ts';
import { InMemoryRollbacks } from './in-memory-rollbacks.ts';
import { InMemoryRollouts, type StoredRollout } from './in-memory-rollouts.ts';
import { InMemorySets } from './in-memory-sets.ts';
import { InMemoryTargetOrders } from './in-memory-target-orders.ts';
import { InMemoryWaveGates } from './in-memory-wave-gates.ts';

/** What the record in memory stands on: what others say, and who is told what it marks. */
export interface InMemoryDeliveryOptions extends InMemorySurroundings {
  readonly ids?: Ids;
  /** Told what has to be looked at next, as the work table would be. */
  readonly mark?: (kind: WorkKind, keys: readonly string[]) => void;
}

/** The record of deliveries in memory. Each method runs to its end without a pause, so it is a transaction. */
export class InMemoryDeliveryRecord implements DeliveryRecord, RecoveryRecord, PromotionRecord {
  readonly #mark: (kind: WorkKind, keys: readonly string[]) => void;
  readonly #facts: InMemoryFacts;
  readonly #sets: InMemorySets;
  readonly #rollouts: InMemoryRollouts;
  readonly #promotions: InMemoryPromotions;
  readonly #orders: InMemoryTargetOrders;
  readonly #waveGates = new InMemoryWaveGates();
  readonly #requests = new InMemoryRequests();

  /** Orders to go back, and what stands because of them. */
  readonly rollbacks: InMemoryRollbacks;

  constructor({ ids = createIds(), mark = () => undefined, ...surroundings }: InMemoryDeliveryOptions) {
    this.#mark = mark;
    const facts = new InMemoryFacts(surroundings, () => ({
      sets: this.#sets,
      rollouts: this.#rollouts,
      promotions: this.#promotions,
      rollbacks: this.rollbacks,
      waveGates: this.#waveGates,
    }));
    this.#facts = facts;
    const now = () => facts.now();
    const markPlan = (applications: readonly string[]) => mark('plan', applications);
    this.#sets = new InMemorySets((clusters) => mark('set', clusters));
    this.#promotions = new InMemoryPromotions({ now });
    this.#rollouts = new InMemoryRollouts({
      now,
      standing: (application) => this.#sets.standing(application),
      heldBy: (target) => this.rollbacks.pins.get(target)?.rollout,
      around: (rollout) => facts.around(rollout),
      markPlan: (application) => markPlan([application]),
      markFailed: (rollout) => mark('rollback', [rollout]),
      letGo: (rollout, clusters) => this.#letGo(rollout, clusters),
      looked: (rollout, looked) => this.#waveGates.looked(rollout.uid, facts.context(rollout), looked),
      ended: ({ uid }) => this.#waveGates.ended(uid),
    });
    this.#orders = new InMemoryTargetOrders({
      sets: this.#sets,
      clusters: (application) => facts.clustersOf(application),
      enteringDigest: (application, environment) => facts.enteringDigest(application, environment),
    });
    this.rollbacks = new InMemoryRollbacks({
      applications: () => facts.applications,
      facts: (application) => facts.of(application),
      write: (planned) => this.#write(planned),
      markPlan,
      failed: (rollout) => this.#rollouts.failed(rollout),
      decline: (rollout) => this.#rollouts.decline(rollout),
      now,
      ids,
    });
  }

  /** What an agent last said of its targets, and which set it held then. */
  report(cluster: string, fence: Fence, statuses: readonly TargetStatus[]): void {
    this.#sets.fences.hear(cluster, fence);
    for (const status of statuses) {
      this.#rollouts.heard(status);
      this.rollbacks.heard(status);
    }
  }

  async plan(application: string, decide: (facts: DeliveryFacts) => DeliveryPlan): Promise<DeliveryPlan | undefined> {
    const facts = this.#facts.of(application);
    if (!facts) return undefined;
    const plan = decide(facts);
    this.#write([{ application, plan }]);
    return plan;
  }

  async setFor(cluster: string, held: HeldFence | 'last-heard'): Promise<SetContent | undefined> {
    const set = this.#sets.setFor(cluster, held);
    if (set && 'hold' in set) throw heldBack(set);
    return set;
  }

  async setsFor(held: ReadonlyMap<string, HeldFence | 'last-heard'>): Promise<readonly (SetContent | HeldBackSet)[]> {
    return [...held].flatMap(([cluster, holds]) => this.#sets.setFor(cluster, holds) ?? []);
  }

  async behind(held: ReadonlyMap<string, HeldFence>): Promise<readonly string[]> {
    this.#sets.bury(held);
    return this.#sets.behind(held);
  }

  async suspend(
    selection: TargetSelection,
    suspension: Suspension | undefined,
    by: OrderGiver,
  ): Promise<readonly SelectedTarget[]> {
    return this.#requests.carryOutOnce(by, () => this.#orders.suspend(selection, suspension));
  }

  async breakGlass(
    selection: TargetSelection,
    breaking: BreakingGlass,
    by: OrderGiver,
  ): Promise<readonly SelectedTarget[]> {
    return this.#requests.carryOutOnce(by, () => this.#orders.breakGlass(selection, breaking, by));
  }

  async requestSync(selection: TargetSelection, request: string, by: OrderGiver): Promise<readonly SelectedTarget[]> {
    return this.#requests.carryOutOnce(by, () => this.#orders.requestSync(selection, request));
  }

  async promote(order: PromoteOrder, by: OrderGiver): Promise<Promoted> {
    return this.#decide(order, (facts) => this.#promotions.promote(facts, order, by));
  }

  async approve({ wave, ...order }: ApprovalOrder, by: OrderGiver): Promise<Approved> {
    if (wave === undefined) return this.#decide(order, (facts) => this.#promotions.approve(facts, order, by));
    const meant = { ...order, wave };
    return this.#ofWave(meant, by, (rollout, gated) => this.#waveGates.approve(rollout, { gated, order: meant, by }));
  }

  async override({ wave, ...order }: OverrideOrder, by: OrderGiver): Promise<Overridden> {
    if (wave === undefined) return this.#decide(order, (facts) => this.#promotions.override(facts, order, by));
    const meant = { ...order, wave };
    return this.#ofWave(meant, by, (rollout, gated) => this.#waveGates.override(rollout, { gated, order: meant }));
  }

  async hold(order: HoldOrder, by: OrderGiver): Promise<Held> {
    return this.#decide(order, (facts) => this.#promotions.hold(facts, order, by));
  }

  async unhold(order: UnholdOrder, by: OrderGiver): Promise<Unheld> {
    return this.#decide(order, (facts) => this.#promotions.unhold(facts, order, by));
  }

  async clusterOf(project: string, target: string): Promise<string> {
    return this.#orders.clusterOf(project, target);
  }

  async settleRollout(uid: string): Promise<RolloutProgress | undefined> {
    const rollout = this.#rollouts.find(uid);
    if (!rollout || !isOpenRollout(rollout.state)) return undefined;
    const { application, environment } = rollout;
    const counted = this.#rollouts.settle(rollout);
    return counted && { application: this.#facts.nameOf(application), environment, ...counted };
  }

  /** Those in waves that are not over: whatever is said may be news to them. */
  get stagedRollouts(): readonly string[] {
    return this.#rollouts.staged.map(({ uid }) => uid);
  }

  async steerRollout(steering: RolloutSteering, by: OrderGiver): Promise<OrderedRollout> {
    return this.#requests.carryOutOnce(by, () => this.#steer(steering));
  }

  #steer(steering: RolloutSteering): OrderedRollout {
    const { project, application, environment } = steering;
    const open = this.#rollouts.steerable(this.#facts.uidOf(application) ?? application, steering);
    const { retry, about: _, ...answer } = this.#rollouts.steer(open, steering);
    if (!open) return answer;
    const { nameOf } = this.#facts.around(open);
    for (const cluster of retry) {
      const selection = { project, application, environment, cluster: nameOf(cluster) };
      this.#orders.requestSync(selection, `retry of ${open.uid}`);
    }
    this.#mark('rollout', [open.uid]);
    this.#mark('plan', [open.application]);
    return answer;
  }

  /** Answered again whatever became of its rollout since. */
  #ofWave<Answer>(
    { application, environment }: WaveOrder,
    by: OrderGiver,
    decide: (rollout: string, gated: GatedRollout) => Answer,
  ): Answer {
    return this.#requests.carryOutOnce(by, () => {
      const found = this.#rollouts.gated(this.#facts.uidOf(application) ?? application, environment);
      if (!found) throw rolloutMissing(application, environment);
      const { rollout, waves } = found;
      const answer = decide(rollout.uid, { ...this.#facts.context(rollout), waves });
      this.#mark('rollout', [rollout.uid]);
      return answer;
    });
  }

  /** Those who are asked before waves say this now; gives the waves that they were asked about. */
  answerWaves(answer: Pick<WebAnswer, 'state' | 'reason'>): readonly string[] {
    return this.stagedRollouts.flatMap((rollout) => this.#waveGates.answer(rollout, answer));
  }

  async standing(): Promise<FleetStanding> {
    return this.#sets.fleet();
  }

  async entriesOf(cluster: string): Promise<readonly DesiredEntry[]> {
    return this.#sets.entriesOf(cluster);
  }

  async recover({ epoch }: RecoveryOrder): Promise<Recovered> {
    const { fences } = this.#sets;
    const isNeeded = epoch === fences.epoch && fences.ahead.length > 0;
    if (isNeeded) this.#sets.openEpoch();
    return { epoch: fences.epoch, opened: isNeeded };
  }

  #decide<Answer>(order: ApproveOrder, decide: (facts: DeliveryFacts) => Answer): Answer {
    const uid = this.#facts.uidOf(order.application);
    const facts = uid === undefined ? undefined : this.#facts.of(uid);
    if (!facts) throw stageMissing(order);
    const answer = decide(facts);
    this.#mark('plan', [facts.application.uid]);
    return answer;
  }

  #letGo({ uid, application }: StoredRollout, clusters?: readonly string[]): void {
    const waiting = this.#sets.standing(application).filter(({ uid: target, cluster }) => {
      const isMeant = this.rollbacks.pins.get(target)?.rollout === uid && (clusters?.includes(cluster) ?? true);
      return isMeant && this.#rollouts.turnOf(uid, cluster) === 'waits';
    });
    this.rollbacks.lift(waiting.map((target) => target.uid));
  }

  /** One generation of each cluster for all of them. */
  #write(planned: readonly { readonly application: string; readonly plan: DeliveryPlan }[]): void {
    const touched = planned.flatMap(({ plan }) => [...plan.changes, ...plan.removals]);
    const generations = this.#sets.spend(touched.map(({ cluster }) => cluster));
    for (const { application, plan } of planned) this.#writeOne(application, plan, generations);
  }

  #writeOne(application: string, plan: DeliveryPlan, generations: ReadonlyMap<string, number>): void {
    this.#facts.addReleases(application, plan.releases);
    this.#promotions.write(application, plan);
    this.rollbacks.lift(plan.agreed.map(({ target }) => target));
    for (const { environment } of plan.rollouts) this.#rollouts.closeVisit(application, environment);
    const ended = [...plan.withdrawn, ...plan.rollouts.flatMap(({ supersedes }) => supersedes ?? [])];
    for (const uid of ended) this.#rollouts.supersede(uid);
    for (const rollout of plan.rollouts) {
      this.#rollouts.begin(application, rollout);
      this.#mark('rollout', [rollout.uid]);
    }
    for (const { uid, cluster, environment, onRemove, entry } of plan.changes) {
      const generation = generations.get(cluster)!;
      this.#sets.put({ uid, application, cluster, environment, onRemove, entry: { ...entry, generation } });
    }
    for (const { uid, cluster } of plan.removals) {
      this.#sets.put({ ...this.#sets.find(uid)!, goneGeneration: generations.get(cluster)! });
    }
  }
}
