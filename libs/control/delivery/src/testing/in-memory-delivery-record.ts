import { createIds, type Ids } from '@flotilla/foundation';
import {
  intentOf,
  isOpenRollout,
  matchesLabels,
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
import type { ApplicationFacts, DeliveryFacts, FreezeFacts, ReleaseFacts, TargetFacts } from '../facts.ts';
import type { DeliveryPlan } from '../plan-delivery.ts';
import type { WaveApproval } from '../promotion/decide-wave-approval.ts';
import { placeOf } from '../promotion/finished-in.ts';
import type { PromotionFacts } from '../promotion/promotion-facts.ts';
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
import { writersOf } from '../promotion/writers-of.ts';
import {
  type FleetStanding,
  type Recovered,
  type RecoveryOrder,
  type RecoveryRecord,
} from '../recovery/recovery-record.port.ts';
import type { WaveQuestion } from '../rollout/judge-waves.ts';
import { rolloutMissing } from '../rollout/steer-rollout.ts';
import { heldBack } from '../send-set.ts';
import { InMemoryPromotions } from './in-memory-promotions.ts';
import { InMemoryRollbacks } from './in-memory-rollbacks.ts';
import { InMemoryRollouts, type StoredRollout } from './in-memory-rollouts.ts';
import { InMemorySets, type StoredTarget } from './in-memory-sets.ts';
import { InMemoryTargetOrders } from './in-memory-target-orders.ts';
import { InMemoryWaveApprovals } from './in-memory-wave-approvals.ts';
import type { StepLiveness, WaveSurroundings } from './in-memory-waves.ts';

/** What is known of an application from elsewhere: its documents, what Git holds and who wrote it, the clusters there are. */
export type OutsideFacts = Pick<DeliveryFacts, 'application' | 'clusters' | 'stages'> &
  Partial<Pick<PromotionFacts, 'authors' | 'groups'>>;

export interface InMemoryDeliveryOptions {
  /** `undefined` when no such application exists any more. */
  readonly outside: (application: string) => OutsideFacts | undefined;
  /** Freezes of the project, as documents would say them. */
  readonly freezes?: () => readonly FreezeFacts[];
  /** The beginning of time, where a test does not care. */
  readonly now?: () => Date;
  /** Every cluster is heard, where a test does not care. */
  readonly liveness?: (cluster: string) => StepLiveness;
  readonly ids?: Ids;
  /** Told what has to be looked at next, as the work table would be. */
  readonly mark?: (kind: WorkKind, keys: readonly string[]) => void;
}

/** The record of deliveries in memory. Each method runs to its end without a pause, so it is a transaction. */
export class InMemoryDeliveryRecord implements DeliveryRecord, RecoveryRecord, PromotionRecord {
  readonly #options: InMemoryDeliveryOptions;
  readonly #releases = new Map<string, ReleaseFacts[]>();
  readonly #sets: InMemorySets;
  readonly #rollouts: InMemoryRollouts;
  readonly #promotions: InMemoryPromotions;
  readonly #orders: InMemoryTargetOrders;
  readonly #waveApprovals = new InMemoryWaveApprovals();
  readonly #given = new Map<string, unknown>();
  /** What applications were called: a deleted one is known by what it leaves behind. */
  readonly #called = new Map<string, ApplicationFacts>();

  /** Orders to go back, and what stands because of them. */
  readonly rollbacks: InMemoryRollbacks;

  constructor(options: InMemoryDeliveryOptions) {
    this.#options = options;
    const now = () => this.#now();
    const markPlan = (applications: readonly string[]) => options.mark?.('plan', applications);
    this.#sets = new InMemorySets((clusters) => options.mark?.('set', clusters));
    this.#promotions = new InMemoryPromotions({ now });
    this.#rollouts = new InMemoryRollouts({
      now,
      standing: (application) => this.#sets.standing(application),
      heldBy: (target) => this.rollbacks.pins.get(target)?.rollout,
      around: (rollout) => this.#around(rollout),
      markPlan: (application) => markPlan([application]),
      markFailed: (rollout) => options.mark?.('rollback', [rollout]),
      letGo: (rollout, clusters) => this.#letGo(rollout, clusters),
    });
    this.#orders = new InMemoryTargetOrders({
      sets: this.#sets,
      clusters: (application) => options.outside(application)?.clusters ?? [],
      enteringDigest: (application, environment) => this.#enteringDigest(application, environment),
    });
    this.rollbacks = new InMemoryRollbacks({
      applications: () => [...this.#called.keys()],
      facts: (application) => this.#facts(application),
      write: (planned) => this.#write(planned),
      markPlan,
      failed: (rollout) => this.#rollouts.failed(rollout),
      decline: (rollout) => this.#rollouts.decline(rollout),
      now,
      ids: options.ids ?? createIds(),
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
    const facts = this.#facts(application);
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
    return this.#once(by, () => this.#orders.suspend(selection, suspension));
  }

  async breakGlass(
    selection: TargetSelection,
    breaking: BreakingGlass,
    by: OrderGiver,
  ): Promise<readonly SelectedTarget[]> {
    return this.#once(by, () => this.#orders.breakGlass(selection, breaking, by));
  }

  async requestSync(selection: TargetSelection, request: string, by: OrderGiver): Promise<readonly SelectedTarget[]> {
    return this.#once(by, () => this.#orders.requestSync(selection, request));
  }

  async promote(order: PromoteOrder, by: OrderGiver): Promise<Promoted> {
    return this.#decide(order, (facts) => this.#promotions.promote(facts, order, by));
  }

  async approve({ wave, ...order }: ApprovalOrder, by: OrderGiver): Promise<Approved> {
    if (wave !== undefined) return this.#approveWave({ ...order, wave }, by);
    return this.#decide(order, (facts) => this.#promotions.approve(facts, order, by));
  }

  async override(order: OverrideOrder, by: OrderGiver): Promise<Overridden> {
    return this.#decide(order, (facts) => this.#promotions.override(facts, order, by));
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
    return counted && { application: this.#called.get(application)!.name, environment, ...counted };
  }

  /** Those in waves that are not over: whatever is said may be news to them. */
  get stagedRollouts(): readonly string[] {
    return this.#rollouts.staged.map(({ uid }) => uid);
  }

  async steerRollout(steering: RolloutSteering, by: OrderGiver): Promise<OrderedRollout> {
    return this.#once(by, () => this.#steer(steering));
  }

  #steer(steering: RolloutSteering): OrderedRollout {
    const { project, application, environment } = steering;
    const uid = [...this.#called].find(([, { name }]) => name === application)?.[0] ?? application;
    const open = this.#rollouts.steerable(uid, steering);
    const { retry, about: _, ...answer } = this.#rollouts.steer(open, steering);
    if (!open) return answer;
    const { nameOf } = this.#around(open);
    for (const cluster of retry) {
      const selection = { project, application, environment, cluster: nameOf(cluster) };
      this.#orders.requestSync(selection, `retry of ${open.uid}`);
    }
    this.#options.mark?.('rollout', [open.uid]);
    this.#options.mark?.('plan', [open.application]);
    return answer;
  }

  #approveWave(order: WaveApproval, by: OrderGiver): Approved {
    const [uid = order.application] = [...this.#called].find(([, { name }]) => name === order.application) ?? [];
    const found = this.#rollouts.gated(uid, order.environment);
    if (!found) throw rolloutMissing(order.application, order.environment);
    const { rollout, waves } = found;
    const question = this.#question(rollout);
    const gated = { ...question, release: { uid: rollout.release, ...question.release }, waves };
    const answer = this.#waveApprovals.approve(rollout.uid, { gated, order, by });
    this.#options.mark?.('rollout', [rollout.uid]);
    return answer;
  }

  /** What the gates of its waves may ask about. */
  #question({ uid, application, environment, release }: StoredRollout): WaveQuestion {
    const { groups = {}, authors = {} } = this.#options.outside(application) ?? {};
    const known = this.#releases.get(application) ?? [];
    const releases = known.slice(placeOf(release, { releases: known }));
    return {
      now: this.#now(),
      application: { name: this.#called.get(application)?.name ?? application },
      environment,
      release: releases[0] ?? { revision: '', digests: {} },
      writers: writersOf(environment, { releases, authors }),
      facts: { approvals: this.#waveApprovals.of(uid), groups, neighbours: [], answers: [] },
    };
  }

  #around(rollout: StoredRollout): WaveSurroundings {
    const { application, environment } = rollout;
    const outside = this.#options.outside(application);
    const stage = outside?.stages.find((each) => each.environment === environment);
    const clusters = new Map(outside?.clusters.map((cluster) => [cluster.uid, cluster]));
    const here = this.#sets.standing(application).filter((target) => target.environment === environment);
    const targets = new Map(here.map((target) => [target.cluster, target]));
    const { liveness = () => ({ connection: 'Connected' as const }) } = this.#options;
    return {
      now: this.#now().getTime(),
      question: this.#question(rollout),
      nameOf: (uid) => clusters.get(uid)?.name ?? uid,
      livenessOf: (uid) => {
        const cluster = clusters.get(uid);
        return cluster && stage && matchesLabels(stage.clusters, cluster.labels) ? liveness(uid) : undefined;
      },
      targetOn: (uid) => {
        const target = targets.get(uid);
        if (!target || intentOf(target.entry) !== 'run') return undefined;
        const status = this.#rollouts.statuses.get(target.uid);
        const pinnedBy = this.rollbacks.pins.get(target.uid)?.rollout;
        return { entry: target.entry, pinnedBy, ...(status && { status }) };
      },
    };
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date(0);
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

  #facts(application: string): DeliveryFacts | undefined {
    const rollouts = this.#rollouts.of(application);
    const running = rollouts.filter(({ state }) => isOpenRollout(state));
    const targets = this.#sets.standing(application);
    const outside = this.#options.outside(application) ?? this.#remains(application, targets.length + running.length);
    if (!outside) return undefined;
    const { authors = {}, groups = {}, ...known } = outside;
    const { uid, project, name } = known.application;
    this.#called.set(application, { uid, project, name });
    // What was taken back on some clusters only is still what its environment runs.
    const whole = rollouts.filter(({ partial = false }) => !partial);
    const past = whole.toReversed().map((rollout) => this.#rollouts.past(rollout));
    const promotion = this.#promotions.facts(application, { stages: known.stages, past, authors, groups });
    return {
      ...known,
      now: this.#now(),
      quarantine: this.rollbacks.quarantineOf(application),
      stages: known.stages.map((stage) => ({ ...stage, ...this.#rollouts.currentOf(application, stage.environment) })),
      targets: targets.map((target) => this.#targetFacts(target)),
      releases: this.#releases.get(application) ?? [],
      running: running.map((rollout) => ({ rollout: rollout.uid, environment: rollout.environment })),
      freezes: this.#options.freezes?.() ?? [],
      ...(promotion && { promotion }),
    };
  }

  #decide<Answer>(order: ApproveOrder, decide: (facts: DeliveryFacts) => Answer): Answer {
    const [uid] = [...this.#called].find(([, { name }]) => name === order.application) ?? [];
    const facts = uid === undefined ? undefined : this.#facts(uid);
    if (!facts) throw stageMissing(order);
    const answer = decide(facts);
    this.#options.mark?.('plan', [facts.application.uid]);
    return answer;
  }

  /** What the newest rollout of an environment brings. */
  #enteringDigest(application: string, environment: string): string | undefined {
    const release = this.#rollouts.of(application).findLast((each) => each.environment === environment)?.release;
    return this.#releases.get(application)?.find(({ uid }) => uid === release)?.digests[environment];
  }

  #letGo({ uid, application }: StoredRollout, clusters?: readonly string[]): void {
    const waiting = this.#sets.standing(application).filter(({ uid: target, cluster }) => {
      const isMeant = this.rollbacks.pins.get(target)?.rollout === uid && (clusters?.includes(cluster) ?? true);
      return isMeant && this.#rollouts.turnOf(uid, cluster) === 'waits';
    });
    this.rollbacks.lift(waiting.map((target) => target.uid));
  }

  #remains(uid: string, leftBehind: number): OutsideFacts | undefined {
    const application = this.#called.get(uid);
    return application && leftBehind > 0 ? { application, clusters: [], stages: [] } : undefined;
  }

  #targetFacts({ uid, environment, cluster, entry, onRemove }: StoredTarget): TargetFacts {
    const status = this.#rollouts.statuses.get(uid);
    const gone = status?.gone === true && status.generation === entry.generation && intentOf(entry) !== 'run';
    const pin = this.rollbacks.pins.get(uid);
    const turn = pin && this.#rollouts.turnOf(pin.rollout, cluster);
    return { uid, environment, cluster, entry, onRemove, gone, ...(pin && { pin }), ...(turn && { turn }) };
  }

  /** One generation of each cluster for all of them. */
  #write(planned: readonly { readonly application: string; readonly plan: DeliveryPlan }[]): void {
    const touched = planned.flatMap(({ plan }) => [...plan.changes, ...plan.removals]);
    const generations = this.#sets.spend(touched.map(({ cluster }) => cluster));
    for (const { application, plan } of planned) this.#writeOne(application, plan, generations);
  }

  #writeOne(application: string, plan: DeliveryPlan, generations: ReadonlyMap<string, number>): void {
    this.#releases.set(application, [...plan.releases, ...(this.#releases.get(application) ?? [])]);
    this.#promotions.write(application, plan);
    this.rollbacks.lift(plan.agreed.map(({ target }) => target));
    for (const { environment } of plan.rollouts) this.#rollouts.closeVisit(application, environment);
    const ended = [...plan.withdrawn, ...plan.rollouts.flatMap(({ supersedes }) => supersedes ?? [])];
    for (const uid of ended) this.#rollouts.supersede(uid);
    for (const rollout of plan.rollouts) {
      this.#rollouts.begin(application, rollout);
      this.#options.mark?.('rollout', [rollout.uid]);
    }
    for (const { uid, cluster, environment, onRemove, entry } of plan.changes) {
      const generation = generations.get(cluster)!;
      this.#sets.put({ uid, application, cluster, environment, onRemove, entry: { ...entry, generation } });
    }
    for (const { uid, cluster } of plan.removals) {
      this.#sets.put({ ...this.#sets.find(uid)!, goneGeneration: generations.get(cluster)! });
    }
  }

  #once<Answer>({ request }: OrderGiver, order: () => Answer): Answer {
    const before = request === undefined ? undefined : this.#given.get(request);
    const answer = (before as Answer | undefined) ?? order();
    if (request !== undefined) this.#given.set(request, answer);
    return answer;
  }
}
