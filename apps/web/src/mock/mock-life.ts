import type { ClusterView, RolloutView, TargetView } from '@flotilla/contracts';
import { every, isoTime, type Clock, type Random, type Running } from '@flotilla/foundation';
import { isOpenRollout, shortCommit } from '@flotilla/model';
import { countKey } from '../live/live-key.ts';
import { commitOf, eventOf, mockProject } from './factories.ts';
import type { MockFleet } from './mock-fleet.ts';
import { nextStep } from './mock-rollout.ts';
import { rolloutOf, targetsOf } from './rollout-factory.ts';

interface MockLifeOptions {
  readonly fleet: MockFleet;
  readonly clock: Clock;
  readonly random: Random;
}

const stepMs = 1_800;

/** Lets a mock fleet live: releases arrive and settle, now and then one fails, a cluster falls silent and comes back. */
export function startMockLife(options: MockLifeOptions): Running {
  const life = new MockLife(options);
  return every({ clock: options.clock, intervalMs: stepMs, run: async () => life.step(), onError: () => undefined });
}

/** One small thing after another. */
export class MockLife {
  readonly #options: MockLifeOptions;
  #commits = 1_000;

  constructor(options: MockLifeOptions) {
    this.#options = options;
  }

  step(): void {
    this.#settle();
    for (const rollout of this.#open()) if (rollout.status.state === 'Running') this.#advance(rollout);
    const dice = this.#options.random.next();
    if (dice < 0.25) this.#deployAnywhere();
    else if (dice < 0.3) this.#turnOneCluster();
  }

  /** A new commit of one application enters one environment. */
  deploy(application: string, environment: string): void {
    const { clock } = this.#options;
    const revision = commitOf(this.#commits++);
    this.#advance(rolloutOf({ application, environment }, revision, clock.now()));
    this.#note(
      'rollout.start',
      `Application ${mockProject}/${application}`,
      `${shortCommit(revision)} enters ${environment}`,
    );
  }

  /** Whoever was admitted is well, and has been for long enough; the rollout goes on. */
  arrive(application: string, environment: string): void {
    this.#bring(application, environment, (target) => well(applied(target, isoTime(0)), isoTime(0)));
  }

  /** Whoever was admitted and is not well yet will not be. */
  fail(application: string, environment: string): void {
    const since = isoTime(this.#options.clock.now());
    this.#bring(application, environment, (target) => stuck(applied(target, since), since));
  }

  #bring(application: string, environment: string, become: (target: TargetView) => TargetView): void {
    const rollout = this.#open().find(
      ({ spec }) => spec.application === application && spec.environment === environment,
    );
    if (!rollout) return;
    const { fleet } = this.#options;
    const moving = targetsOf(rollout, fleet.kept.target.values()).filter(({ status }) => status.sync === 'OutOfSync');
    fleet.putTargets(moving.map(become));
    this.#advance(rollout);
  }

  /** A rollout finishes before the next one begins. */
  #deployAnywhere(): void {
    const busy = new Set([...this.#open()].map(({ spec }) => countKey(spec.application, spec.environment)));
    const free = this.#targets(
      ({ spec }) => !spec.suspended && !busy.has(countKey(spec.application, spec.environment)),
    );
    const { application, environment } = pick(free, this.#options.random).spec;
    this.deploy(application, environment);
  }

  #advance(rollout: RolloutView): void {
    const { fleet, clock } = this.#options;
    const step = nextStep(rollout, fleet.kept.target.values(), clock.now());
    fleet.putRollout(step.rollout);
    fleet.putTargets(step.admitted);
  }

  #open(): RolloutView[] {
    return [...this.#options.fleet.kept.rollout.values()].filter(({ status }) => isOpenRollout(status.state));
  }

  /** What is on its way goes one step on. */
  #settle(): void {
    const { fleet, clock, random } = this.#options;
    const moving = this.#targets(({ spec, status }) => !spec.suspended && status.sync === 'OutOfSync');
    const starting = this.#targets(({ status }) => status.sync === 'Synced' && status.health === 'Progressing');
    const failed = this.#targets(({ status }) => status.reason?.code === 'ProgressDeadlineExceeded');
    const since = isoTime(clock.now());
    const some = (targets: readonly TargetView[]) => targets.filter(() => random.next() < 0.5);
    fleet.putTargets([
      ...some(moving).map((target) => applied(target, since)),
      ...some(starting).map((target) => (random.next() < 0.03 ? stuck(target, since) : well(target, since))),
      ...failed.filter(() => random.next() < 0.1).map((target) => well(target, since)),
    ]);
  }

  #turnOneCluster(): void {
    const { fleet, clock, random } = this.#options;
    const cluster = pick([...fleet.kept.cluster.values()], random);
    const lost = cluster.status.connection === 'Connected';
    const status: ClusterView['status'] = { ...cluster.status, connection: lost ? 'Lost' : 'Connected' };
    fleet.putCluster({ ...cluster, status: { ...status, lastSeenAt: isoTime(clock.now()) } });
    const { name } = cluster.metadata;
    const message = lost ? `${name} is no longer heard` : `${name} is connected`;
    this.#note(lost ? 'cluster.lose' : 'cluster.connect', `Cluster ${mockProject}/${name}`, message);
  }

  #note(action: string, subject: string, message: string): void {
    const { fleet, clock } = this.#options;
    fleet.putEvent(eventOf(clock.now(), { actor: 'system:delivery', action, subject, message }));
  }

  #targets(wanted: (target: TargetView) => boolean): TargetView[] {
    return [...this.#options.fleet.kept.target.values()].filter(wanted);
  }
}

function applied(target: TargetView, since: string): TargetView {
  const { revision, generation } = target.spec;
  const status = { ...target.status, revision, generation, since, appliedAt: since, reportedAt: since };
  return { ...target, status: { ...status, sync: 'Synced', health: 'Progressing' } };
}

function well(target: TargetView, since: string): TargetView {
  const { reason: _, ...status } = target.status;
  return { ...target, status: { ...status, health: 'Healthy', since, reportedAt: since } };
}

function stuck(target: TargetView, since: string): TargetView {
  const message = 'Deployment has not got a new replica ready within 600 s: 0 of 3 are available';
  const reason = { code: 'ProgressDeadlineExceeded', message };
  return { ...target, status: { ...target.status, health: 'Degraded', since, reportedAt: since, reason } };
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random.next() * items.length)]!;
}
