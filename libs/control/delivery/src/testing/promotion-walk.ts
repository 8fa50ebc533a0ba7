import { countingIds } from '@flotilla/foundation/testing';
import type { DeliveryFacts, ReleaseFacts, StageFacts, TargetFacts } from '../facts.ts';
import type { DeliveryPlan } from '../plan/delivery-plan.ts';
import { planDelivery } from '../plan/plan-delivery.ts';
import { contentOf } from '../plan/target-content.ts';
import type {
  ApprovalFacts,
  PastRollout,
  PromotionFacts,
  PromotionOrder,
  StageFollowing,
} from '../promotion/promotion-facts.ts';
import { clusterFacts, deliveryFacts, stageFacts } from './delivery-facts.ts';
import { pinAt } from './rollback-facts.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-01-01T00:00:00.000Z');

type Mutable<Of> = { -readonly [Field in keyof Of]: Of[Field] };

export interface WalkStage {
  readonly environment: string;
  readonly following?: StageFollowing;
}

/** What comes before others, as a pipeline says it: at once and without gates where nothing is said. */
export function after(environments: readonly string[], over: Partial<StageFollowing> = {}): StageFollowing {
  return { after: environments, promote: 'auto', gates: [], ...over };
}

/**
 * A pipeline in memory, with a cluster in each stage, that is planned again after whatever happens: commits, rollouts that
 * finish, targets that turn Degraded. Time stands still unless it is told to pass.
 */
export class PromotionWalk {
  readonly past: Mutable<PastRollout>[] = [];
  readonly approvals: ApprovalFacts[] = [];
  readonly groups: Record<string, readonly string[]> = {};
  authors: PromotionFacts['authors'] = {};
  neighbours: PromotionFacts['neighbours'] = [];
  answers: PromotionFacts['answers'] = [];
  records: PromotionFacts['records'] = [];
  holds: PromotionFacts['holds'] = [];
  releases: readonly ReleaseFacts[] = [];
  quarantine: DeliveryFacts['quarantine'] = [];
  orders: readonly PromotionOrder[] = [];
  last: DeliveryPlan | undefined;
  readonly #stages: readonly WalkStage[];
  readonly #ids = countingIds();
  #trees: Readonly<Record<string, string>> = {};
  #commit: string | undefined;
  #targets: readonly TargetFacts[] = [];
  #minutes = 0;

  constructor(stages: readonly WalkStage[]) {
    this.#stages = stages;
  }

  get now(): Date {
    return new Date(start + this.#minutes * minuteMs);
  }

  /** A commit was seen; inputs of environments that are not named stay as they are. */
  commit(revision: string, trees: Readonly<Record<string, string>>): this {
    this.#commit = revision;
    this.#trees = { ...this.#trees, ...trees };
    return this.plan();
  }

  pass(minutes: number): this {
    this.#minutes += minutes;
    return this.plan();
  }

  /** What runs in an environment is well everywhere. */
  finish(environment: string): this {
    const [latest] = this.#in(environment);
    if (latest?.state === 'Running') {
      Object.assign(latest, { state: 'Finished', finishedAt: this.now, wellSince: this.now, failing: false });
    }
    return this.plan();
  }

  degrade(environment: string): this {
    const [latest] = this.#in(environment);
    if (latest?.state === 'Finished') delete latest.wellSince;
    else if (latest) latest.failing = true;
    return this.plan();
  }

  recover(environment: string): this {
    const [latest] = this.#in(environment);
    if (latest?.state === 'Finished') latest.wellSince ??= this.now;
    else if (latest) latest.failing = false;
    return this.plan();
  }

  /** What a commit brings an environment enters nowhere any more. */
  refuse(environment: string, revision: string): this {
    const digest = this.releases.find((each) => each.revision === revision)!.digests[environment]!;
    this.quarantine = [...this.quarantine, { digest, by: 'ann', reason: 'incident 42' }];
    return this.plan();
  }

  /** A rollback took an environment back to a release, and it is well again. */
  takeBack(environment: string, release: string): this {
    const finished = { state: 'Finished' as const, finishedAt: this.now, wellSince: this.now, failing: false };
    this.past.unshift({ environment, release, cause: 'rollback', beganAt: this.now, ...finished });
    return this.plan();
  }

  /** A person took an environment back: its target is held, and what entered last enters nowhere if all of it was meant. */
  hold(environment: string, revision: string, isWhole = true): this {
    const release = this.releases.find((each) => each.revision === revision)!;
    const content = contentOf(release, environment)!;
    this.#targets = this.#targets.map((target) =>
      target.environment === environment
        ? { ...target, entry: { ...target.entry, ...content }, pin: pinAt(1, { content }) }
        : target,
    );
    return isWhole ? this.refuse(environment, this.runs(environment)!) : this.plan();
  }

  /** Nobody is held any more, and everything may enter again. */
  letGo(): this {
    this.#targets = this.#targets.map(({ pin: _, ...target }) => target);
    this.quarantine = [];
    return this.plan();
  }

  /** The source digest that an environment is held at. */
  heldAt(environment: string): string | undefined {
    return this.#targets.find((target) => target.environment === environment)?.pin?.content.sourceDigest;
  }

  /** What is to be written down of a stage stands in Git, or something is in the way. */
  recorded(
    environment: string,
    said: Partial<PromotionFacts['records'][number]> = { state: 'Written', commit: 'c0' },
  ): this {
    this.records = this.records.map((each) =>
      each.environment === environment ? { ...each, since: this.now, ...said } : each,
    );
    return this.plan();
  }

  approve(
    environment: string,
    who: string,
    { revision, minutes = 1_000_000 }: { revision?: string; minutes?: number } = {},
  ): this {
    const release = this.releases.find((each) => each.revision === (revision ?? this.#commit));
    const digest = release?.digests[environment];
    const expiresAt = new Date(this.now.getTime() + minutes * minuteMs);
    if (digest) this.approvals.push({ environment, digest, who, at: this.now, expiresAt });
    return this.plan();
  }

  order(environment: string, revision: string, who = 'ann', instead = false): this {
    const release = this.releases.find((each) => each.revision === revision)!.uid;
    this.orders = [{ uid: this.#ids.next(), environment, release, who, at: this.now, instead }, ...this.orders];
    return this.plan();
  }

  /** The revision that entered an environment last. */
  runs(environment: string): string | undefined {
    const [latest] = this.#in(environment);
    return this.releases.find(({ uid }) => uid === latest?.release)?.revision;
  }

  /** How each candidate stands before a stage, as a person reads it. */
  told(environment: string): string[] {
    const standing = this.last?.promotion?.standings.find((each) => each.environment === environment);
    return (standing?.candidates ?? []).map(({ revision, state, waits }) => {
      const reasons = waits.map(({ gate, blockedBy }) => `${gate}: ${blockedBy}`);
      return [`${revision} ${state}`, ...reasons].join('; ');
    });
  }

  plan(): this {
    const plan = planDelivery(this.facts(), this.#ids);
    this.last = plan;
    this.releases = [...plan.releases, ...this.releases];
    const before = new Map(this.#targets.map((target) => [target.uid, target]));
    const ordered = plan.changes.map(({ isNew: _, entry, ...target }) => {
      return { ...before.get(target.uid), ...target, entry: { ...entry, generation: 1 }, gone: false };
    });
    for (const target of ordered) before.set(target.uid, target);
    this.#targets = [...before.values()];
    for (const { environment, release, cause } of plan.rollouts) this.#enter(environment, release, cause);
    const recording = plan.promotion?.records ?? [];
    const writing = recording.map((each) => ({ ...each, state: 'Writing' as const, since: this.now }));
    const others = this.records.filter((each) =>
      recording.every(({ environment }) => environment !== each.environment),
    );
    const withdrawn = plan.promotion?.withdrawnRecords ?? [];
    this.records = [...others.filter(({ uid }) => !withdrawn.includes(uid)), ...writing];
    const ended = new Set(plan.promotion?.ended.map(({ order }) => order.uid));
    this.orders = this.orders.filter(({ uid }) => !ended.has(uid));
    return this;
  }

  facts(): DeliveryFacts {
    return deliveryFacts({
      now: this.now,
      clusters: this.#stages.map(({ environment }) => clusterFacts(environment, environment)),
      targets: this.#targets,
      stages: this.#stages.map((stage) => this.#stage(stage)),
      releases: this.releases,
      quarantine: this.quarantine,
      promotion: {
        past: this.past,
        approvals: this.approvals,
        orders: this.orders,
        groups: this.groups,
        authors: this.authors,
        neighbours: this.neighbours,
        answers: this.answers,
        records: this.records,
        holds: this.holds,
        standings: this.last?.promotion?.standings ?? [],
      },
    });
  }

  #stage({ environment, following }: WalkStage): StageFacts {
    const [latest] = this.#in(environment);
    const tree = this.#trees[environment];
    return stageFacts(environment, {
      ...(following && { following }),
      ...(this.#commit && { head: { commit: this.#commit, trees: [tree] } }),
      ...(latest && { current: { rollout: '', release: latest.release, running: latest.state === 'Running' } }),
    });
  }

  #enter(environment: string, release: string, cause: PastRollout['cause']): void {
    const [latest] = this.#in(environment);
    if (latest?.state === 'Running') latest.state = 'Superseded';
    this.past.unshift({ environment, release, cause, state: 'Running', beganAt: this.now, failing: false });
  }

  #in(environment: string): Mutable<PastRollout>[] {
    return this.past.filter((rollout) => rollout.environment === environment);
  }
}
