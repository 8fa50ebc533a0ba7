import { createIds, Fault, type Ids } from '@flotilla/foundation';
import {
  actorText,
  intentOf,
  isOpenRollout,
  matchesLabels,
  compareFences,
  noFence,
  type DesiredEntry,
  type Fence,
  type HeldFence,
  type RemovalMode,
  type RolloutCause,
  type RolloutState,
  type Suspension,
  type TargetStatus,
  type WorkKind,
} from '@flotilla/model';
import { entryDigest, setDigest } from '@flotilla/model/node';
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
import type { ApplicationFacts, DeliveryFacts, FreezeFacts, ReleaseFacts, StageFacts, TargetFacts } from '../facts.ts';
import type { DeliveryPlan } from '../plan-delivery.ts';
import type { PastRollout, PromotionFacts } from '../promotion/promotion-facts.ts';
import type {
  ApproveOrder,
  Approved,
  PromoteOrder,
  Promoted,
  PromotionRecord,
} from '../promotion/promotion-record.port.ts';
import { stageMissing } from '../promotion/promotion-refusals.ts';
import {
  type FleetStanding,
  type Recovered,
  type RecoveryOrder,
  type RecoveryRecord,
} from '../recovery/recovery-record.port.ts';
import { heldBack } from '../send-set.ts';
import type { FrozenRollout } from '../rollout/rollout-course.ts';
import { InMemoryFences } from './in-memory-fences.ts';
import { InMemoryPromotions } from './in-memory-promotions.ts';
import { InMemoryWaves, type HeardStatus, type StepLiveness, type WaveSurroundings } from './in-memory-waves.ts';
import { InMemoryRollbacks } from './in-memory-rollbacks.ts';

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

interface StoredTarget {
  readonly uid: string;
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
  readonly onRemove: RemovalMode;
  readonly entry: DesiredEntry;
  readonly goneGeneration?: number;
}

interface StoredRollout {
  readonly uid: string;
  readonly application: string;
  readonly environment: string;
  readonly release: string;
  readonly cause: RolloutCause;
  readonly state: RolloutState;
  readonly beganAt: Date;
  readonly finishedAt?: Date;
  /** Since when it was well, when the next one came. */
  readonly wellSince?: Date | undefined;
  /** How it goes where it goes in waves. */
  readonly course?: FrozenRollout;
}

/** The record of deliveries in memory. Each method runs to its end without a pause, so it is a transaction. */
export class InMemoryDeliveryRecord implements DeliveryRecord, RecoveryRecord, PromotionRecord {
  readonly #options: InMemoryDeliveryOptions;
  readonly #targets = new Map<string, StoredTarget>();
  readonly #releases = new Map<string, ReleaseFacts[]>();
  readonly #rollouts = new Map<string, StoredRollout>();
  readonly #fences = new InMemoryFences();
  readonly #given = new Map<string, unknown>();
  readonly #statuses = new Map<string, HeardStatus>();
  /** When a target was last Degraded, or had ceased to be. */
  readonly #degradedAt = new Map<string, Date>();
  readonly #promotions: InMemoryPromotions;
  readonly #waves = new InMemoryWaves();
  /** What applications were called: a deleted one is known by what it leaves behind. */
  readonly #called = new Map<string, ApplicationFacts>();

  /** Orders to go back, and what stands because of them. */
  readonly rollbacks: InMemoryRollbacks;

  constructor(options: InMemoryDeliveryOptions) {
    this.#options = options;
    this.#promotions = new InMemoryPromotions({ now: () => this.#now() });
    this.rollbacks = new InMemoryRollbacks({
      applications: () => [...this.#called.keys()],
      facts: (application) => this.#facts(application),
      write: (planned) => this.#write(planned),
      markPlan: (applications) => options.mark?.('plan', applications),
      now: () => this.#now(),
      ids: options.ids ?? createIds(),
    });
  }

  /** What an agent last said of its targets, and which set it held then. */
  report(cluster: string, fence: Fence, statuses: readonly TargetStatus[]): void {
    this.#fences.hear(cluster, fence);
    const now = this.#now();
    for (const status of statuses) {
      const before = this.#statuses.get(status.target);
      if ([before?.health, status.health].includes('Degraded')) this.#degradedAt.set(status.target, now);
      this.#statuses.set(status.target, { ...status, reportedAt: now.getTime() });
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
    const set = this.#setFor(cluster, held);
    if (set && 'hold' in set) throw heldBack(set);
    return set;
  }

  #setFor(cluster: string, held: HeldFence | 'last-heard'): SetContent | HeldBackSet | undefined {
    const fence = this.#fences.of(cluster);
    const holds = held === 'last-heard' ? this.#fences.lastHeard(cluster) : held;
    if (fence && this.#fences.isAhead(cluster, holds)) return { cluster, hold: 'ahead' };
    if (!fence || compareFences(holds, fence) >= 0) return undefined;
    const previous = holds.epoch === fence.epoch ? holds.generation : 0;
    const here = [...this.#targets.values()].filter((target) => target.cluster === cluster);
    const standing = this.#entriesOf(cluster);
    return {
      cluster,
      fence,
      previous,
      entries: standing.filter(({ generation }) => generation > previous),
      gone: here.filter(({ goneGeneration = 0 }) => goneGeneration > previous).map(({ uid }) => uid),
      setDigest: this.#digest(cluster),
    };
  }

  async setsFor(held: ReadonlyMap<string, HeldFence | 'last-heard'>): Promise<readonly (SetContent | HeldBackSet)[]> {
    return [...held].flatMap(([cluster, holds]) => this.#setFor(cluster, holds) ?? []);
  }

  async behind(held: ReadonlyMap<string, HeldFence>): Promise<readonly string[]> {
    this.#bury(held);
    return [...held].flatMap(([cluster, holds]) => {
      const fence = this.#fences.of(cluster);
      return fence && compareFences(fence, holds) > 0 && !this.#fences.isAhead(cluster, holds) ? [cluster] : [];
    });
  }

  async suspend(
    selection: TargetSelection,
    suspension: Suspension | undefined,
    by: OrderGiver,
  ): Promise<readonly SelectedTarget[]> {
    return this.#once(by, () =>
      this.#order(selection, ({ suspended: _, ...entry }) =>
        suspension ? { ...entry, suspended: suspension } : entry,
      ),
    );
  }

  async breakGlass(
    selection: TargetSelection,
    { reason, since, expires }: BreakingGlass,
    by: OrderGiver,
  ): Promise<readonly SelectedTarget[]> {
    const glass = { by: actorText(by), reason, since, expires };
    return this.#once(by, () => {
      const isFrozen = ({ frozen }: DesiredEntry) => frozen !== undefined;
      const broken = (entry: DesiredEntry) => ({
        ...entry,
        breakGlass: { ...glass, sourceDigest: this.#entering(entry) },
      });
      return this.#order(selection, broken, isFrozen);
    });
  }

  /** What a target would get if nothing stood in the way. */
  #entering({ target, environment, sourceDigest }: DesiredEntry): string {
    const { application } = this.#targets.get(target)!;
    const here = [...this.#rollouts.values()].filter((rollout) => rollout.application === application);
    const release = here.findLast((rollout) => rollout.environment === environment)?.release;
    const entered = this.#releases.get(application)?.find(({ uid }) => uid === release);
    return entered?.digests[environment] ?? sourceDigest;
  }

  async requestSync(selection: TargetSelection, request: string, by: OrderGiver): Promise<readonly SelectedTarget[]> {
    return this.#once(by, () => this.#order(selection, (entry) => ({ ...entry, syncRequest: request })));
  }

  async promote(order: PromoteOrder, by: OrderGiver): Promise<Promoted> {
    return this.#decide(order, (facts) => this.#promotions.promote(facts, order, by));
  }

  async approve(order: ApproveOrder, by: OrderGiver): Promise<Approved> {
    return this.#decide(order, (facts) => this.#promotions.approve(facts, order, by));
  }

  async clusterOf(project: string, target: string): Promise<string> {
    const found = this.#targets.get(target);
    if (found?.entry.project === project) return found.cluster;
    const message = `there is no target ${target} in project ${project}`;
    throw new Fault({ code: 'not-found', reason: 'TargetMissing', message });
  }

  async settleRollout(uid: string): Promise<RolloutProgress | undefined> {
    const rollout = this.#rollouts.get(uid);
    if (!rollout || !isOpenRollout(rollout.state)) return undefined;
    if (rollout.course) return this.#lookAtWaves({ ...rollout, course: rollout.course });
    const { application, environment, cause } = rollout;
    const isBack = cause === 'rollback';
    const running = this.#standing(application).filter(
      (target) =>
        target.environment === environment &&
        intentOf(target.entry) === 'run' &&
        this.rollbacks.pins.get(target.uid)?.rollout === (isBack ? uid : undefined),
    );
    if (isBack && running.length === 0) {
      this.#rollouts.set(uid, { ...rollout, state: 'Superseded' });
      return undefined;
    }
    const arrived = running.filter(({ entry }) => hasArrived(entry, this.#statuses.get(entry.target))).length;
    if (running.length > 0 && arrived === running.length) {
      this.#rollouts.set(uid, { ...rollout, state: 'Finished', finishedAt: this.#now() });
      this.#options.mark?.('plan', [application]);
    }
    return { application: this.#called.get(application)!.name, environment, total: running.length, arrived };
  }

  /** Those in waves that are not over: whatever is said may be news to them. */
  get stagedRollouts(): readonly string[] {
    const all = [...this.#rollouts.values()];
    return all.flatMap(({ uid, state, course }) => (course && isOpenRollout(state) ? [uid] : []));
  }

  async steerRollout(steering: RolloutSteering, by: OrderGiver): Promise<OrderedRollout> {
    return this.#once(by, () => this.#steer(steering));
  }

  #steer(steering: RolloutSteering): OrderedRollout {
    const { project, environment } = steering;
    const open = [...this.#rollouts.values()].find(
      (rollout): rollout is StagedRollout =>
        rollout.course !== undefined &&
        isOpenRollout(rollout.state) &&
        rollout.environment === environment &&
        this.#called.get(rollout.application)?.name === steering.application,
    );
    const around = open && this.#around(open);
    const { retry, ...answer } = this.#waves.steer(open, steering, around ?? nowhere);
    if (!open) return answer;
    this.#rollouts.set(open.uid, { ...open, state: answer.state });
    for (const cluster of retry) {
      const selection = { project, application: steering.application, environment, cluster: around!.nameOf(cluster) };
      this.#order(selection, (entry) => ({ ...entry, syncRequest: `retry of ${open.uid}` }));
    }
    this.#options.mark?.('rollout', [open.uid]);
    this.#options.mark?.('plan', [open.application]);
    return answer;
  }

  #lookAtWaves(rollout: StagedRollout): RolloutProgress {
    const around = this.#around(rollout);
    const progress = {
      application: this.#called.get(rollout.application)!.name,
      environment: rollout.environment,
      ...this.#waves.progressOf(rollout, around),
    };
    const advance = this.#waves.look(rollout, around);
    if (!advance) return progress;
    const { admit, state, nextLook } = advance;
    this.#rollouts.set(rollout.uid, { ...rollout, state });
    if (admit.length > 0 || state !== rollout.state) this.#options.mark?.('plan', [rollout.application]);
    return { ...progress, ...(nextLook !== undefined && { lookAgainMs: nextLook - around.now }) };
  }

  #around({ application, environment }: StoredRollout): WaveSurroundings {
    const outside = this.#options.outside(application);
    const stage = outside?.stages.find((each) => each.environment === environment);
    const clusters = new Map(outside?.clusters.map((cluster) => [cluster.uid, cluster]));
    const here = this.#standing(application).filter((target) => target.environment === environment);
    const targets = new Map(here.map((target) => [target.cluster, target]));
    const { liveness = () => ({ connection: 'Connected' as const }) } = this.#options;
    return {
      now: this.#now().getTime(),
      nameOf: (uid) => clusters.get(uid)?.name ?? uid,
      livenessOf: (uid) => {
        const cluster = clusters.get(uid);
        return cluster && stage && matchesLabels(stage.clusters, cluster.labels) ? liveness(uid) : undefined;
      },
      targetOn: (uid) => {
        const target = targets.get(uid);
        if (!target || intentOf(target.entry) !== 'run') return undefined;
        const status = this.#statuses.get(target.uid);
        const isPinned = this.rollbacks.pins.has(target.uid);
        return { entry: target.entry, isPinned, ...(status && { status }) };
      },
    };
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date(0);
  }

  async standing(): Promise<FleetStanding> {
    return {
      epoch: this.#fences.epoch,
      clusters: this.#fences.clusters.length,
      ahead: this.#fences.ahead.map(([uid, { epoch, generation }]) => ({
        uid,
        project: 'default',
        name: uid,
        connection: 'Ahead',
        fence: this.#fences.of(uid) ?? noFence,
        held: { epoch, generation },
      })),
      strangers: [],
    };
  }

  async entriesOf(cluster: string): Promise<readonly DesiredEntry[]> {
    return this.#entriesOf(cluster);
  }

  async recover({ epoch }: RecoveryOrder): Promise<Recovered> {
    const isNeeded = epoch === this.#fences.epoch && this.#fences.ahead.length > 0;
    if (isNeeded) {
      this.#fences.openEpoch();
      this.#issue(this.#fences.clusters);
      this.#options.mark?.('set', this.#fences.clusters);
    }
    return { epoch: this.#fences.epoch, opened: isNeeded };
  }

  #facts(application: string): DeliveryFacts | undefined {
    const rollouts = [...this.#rollouts.values()].filter((rollout) => rollout.application === application);
    const running = rollouts.filter(({ state }) => isOpenRollout(state));
    const targets = this.#standing(application);
    const outside = this.#options.outside(application) ?? this.#remains(application, targets.length + running.length);
    if (!outside) return undefined;
    const { authors = {}, groups = {}, ...known } = outside;
    const { uid, project, name } = known.application;
    this.#called.set(application, { uid, project, name });
    const past = rollouts.toReversed().map((rollout) => this.#past(rollout, rollouts));
    const promotion = this.#promotions.facts(application, { stages: known.stages, past, authors, groups });
    return {
      ...known,
      now: this.#now(),
      quarantine: this.rollbacks.quarantineOf(application),
      stages: known.stages.map((stage) => ({ ...stage, ...this.#currentOf(stage, rollouts) })),
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

  #past(rollout: StoredRollout, rollouts: readonly StoredRollout[]): PastRollout {
    const { uid: _, application: _application, wellSince, course, ...told } = rollout;
    const isLast = rollouts.findLast(({ environment }) => environment === rollout.environment) === rollout;
    const since = isLast ? this.#wellSince(rollout) : wellSince;
    const failing = rollout.state === 'Halted' || (rollout.state === 'Running' && !course && this.#isDegraded(rollout));
    return { ...told, failing, ...(since && rollout.state === 'Finished' && { wellSince: since }) };
  }

  #wellSince(rollout: StoredRollout): Date | undefined {
    if (this.#isDegraded(rollout)) return undefined;
    const times = [rollout.finishedAt, ...this.#runningAt(rollout).map(({ uid }) => this.#degradedAt.get(uid))];
    return times.reduce((latest, time) => (latest && time && time <= latest ? latest : (time ?? latest)), undefined);
  }

  #isDegraded(rollout: StoredRollout): boolean {
    return this.#runningAt(rollout).some(({ uid }) => this.#statuses.get(uid)?.health === 'Degraded');
  }

  #runningAt({ application, environment, release }: StoredRollout): StoredTarget[] {
    return this.#standing(application).filter(
      (target) =>
        target.environment === environment && target.entry.release === release && intentOf(target.entry) === 'run',
    );
  }

  #currentOf(
    { environment }: StageFacts,
    rollouts: readonly StoredRollout[],
  ): Pick<StageFacts, 'current' | 'finished'> {
    // Who goes back holds targets and settles nothing for the environment.
    const here = rollouts.filter((rollout) => rollout.environment === environment && rollout.cause !== 'rollback');
    const last = here.at(-1);
    if (!last) return {};
    const { uid: rollout, release, state } = last;
    const admission = this.#waves.admissionOf(rollout, state);
    const finished = here.findLast((each) => each.state === 'Finished')?.release;
    const current = { rollout, release, running: isOpenRollout(state), ...(admission && { admission }) };
    return { current, ...(admission && finished !== undefined && { finished }) };
  }

  #remains(uid: string, leftBehind: number): OutsideFacts | undefined {
    const application = this.#called.get(uid);
    return application && leftBehind > 0 ? { application, clusters: [], stages: [] } : undefined;
  }

  #targetFacts({ uid, environment, cluster, entry, onRemove }: StoredTarget): TargetFacts {
    const status = this.#statuses.get(uid);
    const gone = status?.gone === true && status.generation === entry.generation && intentOf(entry) !== 'run';
    const pin = this.rollbacks.pins.get(uid);
    return { uid, environment, cluster, entry, onRemove, gone, ...(pin && { pin }) };
  }

  /** One generation of each cluster for all of them. */
  #write(planned: readonly { readonly application: string; readonly plan: DeliveryPlan }[]): void {
    const touched = planned.flatMap(({ plan }) => [...plan.changes, ...plan.removals]);
    const generations = this.#spend(touched.map(({ cluster }) => cluster));
    for (const { application, plan } of planned) this.#writeOne(application, plan, generations);
    this.#issue(generations.keys());
  }

  #writeOne(application: string, plan: DeliveryPlan, generations: ReadonlyMap<string, number>): void {
    this.#releases.set(application, [...plan.releases, ...(this.#releases.get(application) ?? [])]);
    this.#promotions.write(application, plan);
    this.rollbacks.agree(plan.agreed.map(({ target }) => target));
    for (const { environment } of plan.rollouts) this.#closeVisit(application, environment);
    const ended = [...plan.withdrawn, ...plan.rollouts.flatMap(({ supersedes }) => supersedes ?? [])];
    for (const uid of ended) this.#rollouts.set(uid, { ...this.#rollouts.get(uid)!, state: 'Superseded' });
    for (const { uid, environment, release, cause, course } of plan.rollouts) {
      const begun = { uid, application, environment, release, cause, beganAt: this.#now() };
      this.#rollouts.set(uid, { ...begun, state: 'Running', ...(course && { course }) });
      if (course) this.#waves.begin(uid, course);
      this.#options.mark?.('rollout', [uid]);
    }
    for (const { uid, cluster, environment, onRemove, entry } of plan.changes) {
      const generation = generations.get(cluster)!;
      const stored = { uid, application, cluster, environment, onRemove, entry: { ...entry, generation } };
      this.#targets.set(uid, stored);
    }
    for (const { uid, cluster } of plan.removals) {
      this.#targets.set(uid, { ...this.#targets.get(uid)!, goneGeneration: generations.get(cluster)! });
    }
  }

  /** What leaves an environment keeps for how long it was well there: afterwards nobody could say. */
  #closeVisit(application: string, environment: string): void {
    const last = [...this.#rollouts.values()].findLast(
      (rollout) => rollout.application === application && rollout.environment === environment,
    );
    if (last?.state === 'Finished') this.#rollouts.set(last.uid, { ...last, wellSince: this.#wellSince(last) });
  }

  #once<Answer>({ request }: OrderGiver, order: () => Answer): Answer {
    const before = request === undefined ? undefined : this.#given.get(request);
    const answer = (before as Answer | undefined) ?? order();
    if (request !== undefined) this.#given.set(request, answer);
    return answer;
  }

  #order(
    { project, application, environment, cluster }: TargetSelection,
    change: (entry: DesiredEntry) => DesiredEntry,
    isMeant: (entry: DesiredEntry) => boolean = () => true,
  ) {
    const chosen = [...this.#targets.values()].filter(
      (target) =>
        isStanding(target) &&
        isMeant(target.entry) &&
        target.entry.project === project &&
        (application ?? target.entry.application) === target.entry.application &&
        (environment ?? target.environment) === target.environment &&
        (cluster ?? this.#nameOf(target)) === this.#nameOf(target),
    );
    const generations = this.#spend(chosen.map((target) => target.cluster));
    const selected = chosen.map((target) => {
      const entry = { ...change(target.entry), generation: generations.get(target.cluster)! };
      this.#targets.set(target.uid, { ...target, entry });
      return { uid: target.uid, name: `${entry.application}.${entry.environment}.${this.#nameOf(target)}` };
    });
    this.#issue(generations.keys());
    return selected;
  }

  #nameOf({ application, cluster }: StoredTarget): string {
    const clusters = this.#options.outside(application)?.clusters ?? [];
    return clusters.find(({ uid }) => uid === cluster)?.name ?? cluster;
  }

  #spend(clusters: readonly string[]): ReadonlyMap<string, number> {
    const spent = this.#fences.spend(clusters);
    if (spent.size > 0) this.#options.mark?.('set', [...spent.keys()]);
    return spent;
  }

  #issue(clusters: Iterable<string>): void {
    for (const cluster of clusters) this.#fences.issue(cluster, this.#digest(cluster));
  }

  #digest(cluster: string): string {
    return setDigest(this.#entriesOf(cluster).map(entryDigest));
  }

  #entriesOf(cluster: string): DesiredEntry[] {
    const here = [...this.#targets.values()].filter((target) => target.cluster === cluster && isStanding(target));
    return here.map(({ entry }) => entry);
  }

  /** Drops the tombstones that these clusters have heard of. */
  #bury(held: ReadonlyMap<string, HeldFence>): void {
    for (const { uid, cluster, goneGeneration } of this.#targets.values()) {
      const holds = held.get(cluster);
      const heardOf =
        holds?.epoch === this.#fences.epoch && goneGeneration !== undefined && goneGeneration <= holds.generation;
      if (heardOf) this.#targets.delete(uid);
    }
  }

  #standing(application: string): StoredTarget[] {
    return [...this.#targets.values()].filter((target) => target.application === application && isStanding(target));
  }
}

function isStanding({ goneGeneration }: StoredTarget): boolean {
  return goneGeneration === undefined;
}

/** A rollout that goes in waves. */
type StagedRollout = StoredRollout & { readonly course: FrozenRollout };

/** What is around a rollout that there is not. */
const nowhere: WaveSurroundings = { now: 0, nameOf: String, livenessOf: () => undefined, targetOn: () => undefined };

/** Health counts only when it was reported for the generation that brought the release. */
function hasArrived({ generation, release }: DesiredEntry, status: TargetStatus | undefined): boolean {
  if (status?.generation !== generation || status.release !== release) return false;
  return status.sync === 'Synced' && status.health === 'Healthy';
}
