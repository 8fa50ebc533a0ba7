import type {
  DeliveryFacts,
  DeliveryPlan,
  DeliveryRecord,
  FrozenWave,
  PlannedRollback,
  PromotionRecord,
  RollbackRecord,
  StageFacts,
  TargetFacts,
} from '@flotilla/control-delivery';
import { intentOf, isFrozenBy, expiryOf, isInForce, matchesLabels, type TargetStatus } from '@flotilla/model';
import { deliveryInvariants, entryInvariants, violationsOf, type Violation } from './invariants.ts';

type Change = DeliveryPlan['changes'][number];
type Rollout = DeliveryPlan['rollouts'][number];

export interface DeliveryJudgeOptions {
  /** Where what is found goes; a list of its own where nothing is said. */
  readonly violations?: Violation[];
  /** What kept a cluster from being well since then that is nobody's failure: it was away, or out of the rollout. */
  readonly excuseOf?: (cluster: string, since: Date) => 'away' | 'passed by' | undefined;
}

/**
 * Watches every plan as it is written, with the facts that it rests on, and holds to it what no delivery may do. It keeps
 * an account of its own: what agents ever said that they were well with, and what people passed by.
 */
export class DeliveryJudge {
  readonly violations: Violation[];
  readonly #options: DeliveryJudgeOptions;
  /** What agents were ever well with: targets with releases, and applications in environments with source digests. */
  readonly #proven = new Set<string>();
  /** The newest generation in which each target was well with each release. */
  readonly #well = new Map<string, number>();
  readonly #begun = new Map<string, Begun>();
  readonly #environments = new Map<string, string>();
  readonly #forgiven = new Set<string>();
  /** Whom people passed by: rollouts with names of clusters. */
  readonly #passedBy = new Set<string>();
  /** Waves of releases that somebody agreed to. */
  readonly #agreed = new Set<string>();

  constructor(options: DeliveryJudgeOptions = {}) {
    this.#options = options;
    this.violations = options.violations ?? [];
  }

  /** From now on sees what is written to this record. */
  watch(record: WatchedRecord): void {
    this.#watchRollbacks(record.rollbacks);
    this.#watchApprovals(record);
    const [plan, steer] = [record.plan.bind(record), record.steerRollout.bind(record)];
    record.plan = (application, decide) =>
      plan(application, (facts) => {
        const decided = decide(facts);
        this.#planned(facts, decided);
        return decided;
      });
    record.steerRollout = async (steering, by) => {
      const steered = await steer(steering, by);
      // A person saw what failed, and wants it to go on.
      if (steering.order === 'resume') this.#forgiven.add(steered.rollout);
      if (steering.order === 'skip')
        for (const cluster of steered.clusters) this.#passedBy.add(`${steered.rollout}/${cluster}`);
      return steered;
    };
  }

  #watchApprovals(record: WatchedRecord): void {
    const approve = record.approve.bind(record);
    record.approve = async (order, by) => {
      const approved = await approve(order, by);
      if (approved.wave !== undefined) this.#agreed.add(`${approved.release}/${approved.wave}`);
      return approved;
    };
  }

  /** Who goes back does so in waves as well. */
  #watchRollbacks(rollbacks: RollbackRecord): void {
    const rollBack = rollbacks.rollBack.bind(rollbacks);
    rollbacks.rollBack = (order, { resolve, plan }, by) =>
      rollBack(order, { resolve, plan: (resolved, mark) => this.#begins(plan(resolved, mark)) }, by);
  }

  #begins(planned: readonly PlannedRollback[]): readonly PlannedRollback[] {
    for (const { facts, plan, pins } of planned) {
      for (const rollout of plan.rollouts) this.#begin(rollout, facts);
      const targets = facts.targets.map((target) => ({ ...target, pin: pins.get(target.uid) ?? target.pin }));
      for (const change of plan.changes) this.#judgeChange(change, { ...facts, targets }, plan);
    }
    return planned;
  }

  #begin(rollout: Rollout, { now, targets }: DeliveryFacts): void {
    const generations = new Map(targets.map(({ uid, entry }) => [uid, entry.generation]));
    this.#begun.set(rollout.uid, { ...rollout, at: now, generations });
  }

  /** What an agent said of its targets. */
  heard(statuses: readonly TargetStatus[]): void {
    for (const { target, generation, release, sourceDigest, sync, health } of statuses) {
      if (!release || sync !== 'Synced' || health !== 'Healthy') continue;
      const place = `${target}/${release}`;
      this.#well.set(place, Math.max(generation, this.#well.get(place) ?? 0));
      this.#proven.add(`${target}/${release}`).add(`${this.#environments.get(target)}/${sourceDigest}`);
    }
  }

  #planned(facts: DeliveryFacts, plan: DeliveryPlan): void {
    for (const rollout of plan.rollouts) this.#begin(rollout, facts);
    for (const rollout of plan.rollouts) this.#judgeEntry(rollout, facts, plan);
    for (const change of plan.changes) this.#judgeChange(change, facts, plan);
  }

  #judgeEntry({ environment, release, cause }: Rollout, facts: DeliveryFacts, plan: DeliveryPlan): void {
    const stage = facts.stages.find((each) => each.environment === environment)!;
    const digest = digestOf(release, environment, facts, plan);
    const isPromotion = cause === 'promotion';
    const observed = {
      underWay: this.#underWay(environment, facts, plan),
      untestedIn: isPromotion ? this.#untestedIn(stage, release, facts, plan) : [],
      isUnapproved: isPromotion && isAsked(stage) && !isAgreed(environment, digest, facts),
    };
    const where = `${facts.application.name} ${release} in ${environment}`;
    this.violations.push(...violationsOf(entryInvariants, observed, where));
  }

  #underWay(environment: string, { running }: DeliveryFacts, { rollouts, withdrawn }: DeliveryPlan): string[] {
    const ended = new Set([...withdrawn, ...rollouts.flatMap(({ supersedes }) => supersedes ?? [])]);
    // Who goes back holds targets, and lets nothing in.
    const enters = ({ rollout }: { rollout: string }) => (this.#begun.get(rollout)?.cause ?? 'rollback') !== 'rollback';
    const left = running.filter((each) => enters(each) && !ended.has(each.rollout));
    const here = left.filter((each) => each.environment === environment).map(({ rollout }) => rollout);
    return [...here, ...rollouts.filter((each) => each.environment === environment).map(({ uid }) => uid)];
  }

  #untestedIn(stage: StageFacts, release: string, facts: DeliveryFacts, plan: DeliveryPlan): string[] {
    const before = stage.following?.after ?? [];
    return before.filter(
      (each) => !this.#proven.has(`${facts.application.uid}/${each}/${digestOf(release, each, facts, plan)}`),
    );
  }

  /** Only what another release changes is judged: settings of the same one come at once. */
  #judgeChange(change: Change, facts: DeliveryFacts, plan: DeliveryPlan): void {
    const { uid, environment, cluster, entry } = change;
    this.#environments.set(uid, `${facts.application.uid}/${environment}`);
    const before = facts.targets.find((target) => target.uid === uid);
    if (intentOf(entry) !== 'run' || before?.entry.release === entry.release) return;
    const order = entry.pin ? this.#orderBack(change, facts) : this.#orderOf(change, facts, plan);
    const isNews = before !== undefined && before.entry.sourceDigest !== entry.sourceDigest;
    const observed = {
      ...order,
      frozenBy: isNews ? freezeOf(change, facts) : undefined,
      heldBy: isNews ? holderOf(change, before, { facts, plan }) : undefined,
      isQuarantined: isNews && !entry.pin && facts.quarantine.some(({ digest }) => digest === entry.sourceDigest),
    };
    const where = `${facts.application.name} ${entry.release} in ${environment} on ${cluster}`;
    this.violations.push(...violationsOf(deliveryInvariants, observed, where));
  }

  /** Who goes before a cluster in the rollout that brings it a release, and was not well with it. */
  #orderOf({ environment, cluster, entry }: Change, facts: DeliveryFacts, plan: DeliveryPlan) {
    const stage = facts.stages.find((each) => each.environment === environment);
    const rollout = this.#begun.get(stage?.current?.rollout ?? '');
    const none = { unproven: [], barrenWave: undefined, unagreedWave: undefined };
    const waves = rollout?.release === entry.release && rollout.course ? rollout.course.waves : [];
    const place = waves.findIndex(({ clusters }) => clusters.includes(cluster));
    if (!rollout || place <= 0 || plan.rollouts.some((each) => each.environment === environment)) return none;
    const earlier = waves.slice(0, place).map(({ name, clusters }) => ({
      name,
      members: clusters.flatMap((each) => this.#memberOf(each, rollout, stage!, facts)),
    }));
    return {
      unagreedWave: this.#unagreedWave(stage!, rollout, waves[place]!),
      unproven: earlier.flatMap(({ members }) => members.filter(({ is }) => is === 'unproven').map(({ uid }) => uid)),
      barrenWave: earlier.find(({ members }) => members.some(counts) && !members.some(({ is }) => is === 'proven'))
        ?.name,
    };
  }

  /** Who of an earlier wave of a rollback has not gone back, or was not well afterwards. */
  #orderBack({ uid, environment, cluster }: Change, { targets, stages, clusters: all }: DeliveryFacts) {
    const own = targets.find((each) => each.uid === uid);
    // Who left and is back joins anew, and gets what the others are held at.
    if (own && intentOf(own.entry) !== 'run') return { unproven: [], barrenWave: undefined, unagreedWave: undefined };
    const pin = own?.pin;
    const begun = this.#begun.get(pin?.rollout ?? '');
    const { course, uid: rollout, at } = begun ?? {};
    const place = course?.waves.findIndex(({ clusters }) => clusters.includes(cluster)) ?? 0;
    const stage = stages.find((each) => each.environment === environment)!;
    const earlier = course?.waves.slice(0, Math.max(0, place)).flatMap(({ clusters }) => clusters) ?? [];
    const before = earlier.filter((each) => isIn(stage, each, all));
    const isUnproven = (each: string) => {
      const target = targets.find((one) => one.cluster === each && one.environment === environment);
      const isBound = target?.pin?.rollout === pin?.rollout;
      const isExcused = target?.entry.suspended ?? (at && this.#options.excuseOf?.(each, at));
      if (isExcused || (rollout !== undefined && this.#isLetPass(rollout, nameOf(each, all)))) return false;
      return target && isBound && !(target.entry.pin && begun && this.#wasWell(target.uid, begun));
    };
    return { unproven: before.filter(isUnproven), barrenWave: undefined, unagreedWave: undefined };
  }

  #isLetPass(rollout: string, cluster: string | undefined): boolean {
    return this.#forgiven.has(rollout) || this.#passedBy.has(`${rollout}/${cluster}`);
  }

  /** Once it is over, whoever has nothing of it gets it without any wave. */
  #unagreedWave({ current }: StageFacts, { release }: Rollout, { name, gates = [] }: FrozenWave): string | undefined {
    const isAskedFor = gates.some(({ approval }) => approval !== undefined) && current?.running === true;
    return isAskedFor && !this.#agreed.has(`${release}/${name}`) ? name : undefined;
  }

  /** In a generation that came after the rollout had begun, whatever changed about it since. */
  #wasWell(target: string, { release, generations }: Begun): boolean {
    return (this.#well.get(`${target}/${release}`) ?? 0) > (generations.get(target) ?? 0);
  }

  #memberOf(uid: string, rollout: Begun, stage: StageFacts, facts: DeliveryFacts): Member[] {
    if (!isIn(stage, uid, facts.clusters)) return [];
    const target = facts.targets.find((each) => each.cluster === uid && each.environment === stage.environment);
    if (target && this.#proven.has(`${target.uid}/${rollout.release}`)) return [{ uid, is: 'proven' }];
    const isPassedBy = stage.current?.admission?.skipped.has(uid) === true || this.#forgiven.has(rollout.uid);
    if (isPassedBy) return [{ uid, is: 'passed by' }];
    const excuse = this.#options.excuseOf?.(uid, rollout.at);
    const held = isHeld(target) ? 'away' : undefined;
    return [{ uid, is: (excuse === 'passed by' ? excuse : (held ?? excuse)) ?? 'unproven' }];
  }
}

type WatchedRecord = Pick<DeliveryRecord, 'plan' | 'steerRollout'> &
  Pick<PromotionRecord, 'approve'> & { readonly rollbacks: RollbackRecord };

/** A rollout as it began, and the generation in which each target was then. */
type Begun = Rollout & { readonly at: Date; readonly generations: ReadonlyMap<string, number> };

interface Member {
  readonly uid: string;
  readonly is: 'proven' | 'unproven' | 'away' | 'passed by';
}

function nameOf(cluster: string, known: DeliveryFacts['clusters']): string | undefined {
  return known.find(({ uid }) => uid === cluster)?.name;
}

/** Who left the environment counts for nothing. */
function isIn({ clusters }: StageFacts, uid: string, known: DeliveryFacts['clusters']): boolean {
  const cluster = known.find((each) => each.uid === uid);
  return cluster !== undefined && matchesLabels(clusters, cluster.labels);
}

function counts({ is }: Member): boolean {
  return is !== 'passed by';
}

/** A person holds it: it is waited for by nobody. */
function isHeld(target: TargetFacts | undefined): boolean {
  return target?.pin !== undefined || target?.entry.suspended !== undefined;
}

function isAsked({ following }: StageFacts): boolean {
  return following?.gates.some(({ approval }) => approval !== undefined) ?? false;
}

function isAgreed(environment: string, digest: string | undefined, { promotion, now }: DeliveryFacts): boolean {
  const approvals = promotion?.approvals.filter((each) => each.environment === environment && each.digest === digest);
  return approvals?.some(({ expiresAt }) => expiresAt > now) ?? false;
}

function digestOf(release: string, environment: string, facts: DeliveryFacts, plan: DeliveryPlan): string | undefined {
  return [...plan.releases, ...facts.releases].find(({ uid }) => uid === release)?.digests[environment];
}

/**
 * The rollback that holds a target at something else than it is given. It is not asked of what Git agrees with, nor of what
 * is in quarantine: a later order refused that, and stands above the pin.
 */
function holderOf(
  { uid, entry }: Change,
  { pin }: TargetFacts,
  { facts, plan }: { readonly facts: DeliveryFacts; readonly plan: DeliveryPlan },
): string | undefined {
  if (!pin || plan.agreed.some(({ target }) => target === uid)) return undefined;
  if (facts.quarantine.some(({ digest }) => digest === pin.content.sourceDigest)) return undefined;
  return pin.content.sourceDigest === entry.sourceDigest ? undefined : pin.rollback;
}

function freezeOf({ environment, cluster, entry }: Change, facts: DeliveryFacts): string | undefined {
  const labels = facts.clusters.find(({ uid }) => uid === cluster)?.labels ?? {};
  const place = { application: facts.application.name, environment, labels };
  const now = facts.now.getTime();
  const inForce = facts.freezes.filter(
    ({ spec }) => isFrozenBy(spec, place) && isInForce({ expires: expiryOf(spec) }, now),
  );
  const { breakGlass } = entry;
  const isBroken =
    breakGlass !== undefined && isInForce(breakGlass, now) && breakGlass.sourceDigest === entry.sourceDigest;
  return isBroken ? undefined : inForce[0]?.name;
}
