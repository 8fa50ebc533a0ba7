import { freezeInTheWay, intentOf, isOpenRollout, matchesLabels } from '@flotilla/model';
import type { ApplicationFacts, DeliveryFacts, FreezeFacts, ReleaseFacts, TargetFacts } from '../facts.ts';
import { freezesOver } from '../plan/under-freeze.ts';
import { placeOf } from '../promotion/finished-in.ts';
import type { PromotionFacts } from '../promotion/promotion-facts.ts';
import { writersOf } from '../promotion/writers-of.ts';
import type { RolloutContext } from '../promotion/gated-rollout.ts';
import type { InMemoryPromotions } from './in-memory-promotions.ts';
import type { InMemoryRollbacks } from './in-memory-rollbacks.ts';
import type { InMemoryRollouts, StoredRollout } from './in-memory-rollouts.ts';
import type { InMemorySets, StoredTarget } from './in-memory-sets.ts';
import type { InMemoryWaveGates } from './in-memory-wave-gates.ts';
import type { StepLiveness, WaveSurroundings } from './in-memory-waves.ts';

/** What is known of an application from elsewhere: its documents, what Git holds and who wrote it, the clusters there are. */
export type OutsideFacts = Pick<DeliveryFacts, 'application' | 'clusters' | 'stages'> &
  Partial<Pick<PromotionFacts, 'authors' | 'groups'>>;

/** What the record in memory is told by others, as the tables of other services would tell it. */
export interface InMemorySurroundings {
  /** `undefined` when no such application exists any more. */
  readonly outside: (application: string) => OutsideFacts | undefined;
  /** Freezes of the project, as documents would say them. */
  readonly freezes?: () => readonly FreezeFacts[];
  /** The beginning of time, where a test does not care. */
  readonly now?: () => Date;
  /** Every cluster is heard, where a test does not care. */
  readonly liveness?: (cluster: string) => StepLiveness;
}

/** The parts of the record in memory that facts are read from. */
export interface InMemoryParts {
  readonly sets: InMemorySets;
  readonly rollouts: InMemoryRollouts;
  readonly promotions: InMemoryPromotions;
  readonly rollbacks: InMemoryRollbacks;
  readonly waveGates: InMemoryWaveGates;
}

/** What a decision about an application rests on, put together from the parts of the record and from what others say. */
export class InMemoryFacts {
  readonly #surroundings: InMemorySurroundings;
  /** Asked for at each reading: parts are made that read facts themselves. */
  readonly #parts: () => InMemoryParts;
  readonly #releases = new Map<string, readonly ReleaseFacts[]>();
  /** What applications were called: a deleted one is known by what it leaves behind. */
  readonly #called = new Map<string, ApplicationFacts>();

  constructor(surroundings: InMemorySurroundings, parts: () => InMemoryParts) {
    this.#surroundings = surroundings;
    this.#parts = parts;
  }

  now(): Date {
    return this.#surroundings.now?.() ?? new Date(0);
  }

  /** Every application that was ever read, by uid. */
  get applications(): readonly string[] {
    return [...this.#called.keys()];
  }

  nameOf(application: string): string {
    return this.#called.get(application)?.name ?? application;
  }

  /** `undefined` where nothing of that name was ever read. */
  uidOf(name: string): string | undefined {
    return [...this.#called].find(([, called]) => called.name === name)?.[0];
  }

  addReleases(application: string, releases: readonly ReleaseFacts[]): void {
    this.#releases.set(application, [...releases, ...this.#releasesOf(application)]);
  }

  /** What a plan rests on; `undefined` of an application of which nothing is left. */
  of(application: string): DeliveryFacts | undefined {
    const { sets, rollouts, promotions, rollbacks } = this.#parts();
    const entered = rollouts.of(application);
    const running = entered.filter(({ state }) => isOpenRollout(state));
    const targets = sets.standing(application);
    const outside =
      this.#surroundings.outside(application) ?? this.#remains(application, targets.length + running.length);
    if (!outside) return undefined;
    const { authors = {}, groups = {}, ...known } = outside;
    const { uid, project, name } = known.application;
    this.#called.set(application, { uid, project, name });
    // What was taken back on some clusters only is still what its environment runs.
    const whole = entered.filter(({ partial = false }) => !partial);
    const past = whole.toReversed().map((rollout) => rollouts.past(rollout));
    const promotion = promotions.facts(application, { stages: known.stages, past, authors, groups });
    return {
      ...known,
      now: this.now(),
      quarantine: rollbacks.quarantineOf(application),
      stages: known.stages.map((stage) => ({ ...stage, ...rollouts.currentOf(application, stage.environment) })),
      targets: targets.map((target) => this.#target(target)),
      releases: this.#releasesOf(application),
      running: running.map((rollout) => ({ rollout: rollout.uid, environment: rollout.environment })),
      freezes: this.#surroundings.freezes?.() ?? [],
      ...(promotion && { promotion }),
    };
  }

  /** What the gates of the waves of a rollout may ask about. */
  context({ uid, application, environment, release }: StoredRollout): RolloutContext {
    const { groups = {}, authors = {} } = this.#surroundings.outside(application) ?? {};
    const known = this.#releasesOf(application);
    const releases = known.slice(placeOf(release, { releases: known }));
    const { approvals, answers } = this.#parts().waveGates.of(uid);
    return {
      now: this.now(),
      application: { name: this.nameOf(application) },
      environment,
      release: releases[0] ?? { uid: release, revision: '', digests: {} },
      writers: writersOf(environment, { releases, authors }),
      facts: { approvals, groups, neighbours: [], answers },
    };
  }

  /** What a rollout in waves goes over. */
  around(rollout: StoredRollout): WaveSurroundings {
    const { application, environment } = rollout;
    const { sets, rollouts, rollbacks } = this.#parts();
    const outside = this.#surroundings.outside(application);
    const stage = outside?.stages.find((each) => each.environment === environment);
    const clusters = new Map(outside?.clusters.map((cluster) => [cluster.uid, cluster]));
    const here = sets.standing(application).filter((target) => target.environment === environment);
    const targets = new Map(here.map((target) => [target.cluster, target]));
    const { liveness = () => ({ connection: 'Connected' as const }) } = this.#surroundings;
    const context = this.context(rollout);
    const freezes = this.#surroundings.freezes?.() ?? [];
    const sourceDigest = context.release.digests[environment] ?? '';
    return {
      now: this.now().getTime(),
      context,
      freezeOver: (uid) => {
        const breakGlass = targets.get(uid)?.entry.breakGlass;
        const over = freezesOver({ ...context, freezes }, { environment, labels: clusters.get(uid)?.labels ?? {} });
        return freezeInTheWay({ sourceDigest, breakGlass }, over, context.now.getTime());
      },
      nameOf: (uid) => clusters.get(uid)?.name ?? uid,
      livenessOf: (uid) => {
        const cluster = clusters.get(uid);
        return cluster && stage && matchesLabels(stage.clusters, cluster.labels) ? liveness(uid) : undefined;
      },
      targetOn: (uid) => {
        const target = targets.get(uid);
        if (!target || intentOf(target.entry) !== 'run') return undefined;
        const status = rollouts.statuses.get(target.uid);
        const pinnedBy = rollbacks.pins.get(target.uid)?.rollout;
        return { entry: target.entry, pinnedBy, ...(status && { status }) };
      },
    };
  }

  /** The clusters that an application may be on. */
  clustersOf(application: string): DeliveryFacts['clusters'] {
    return this.#surroundings.outside(application)?.clusters ?? [];
  }

  /** What entered an environment last. Who goes back enters nothing. */
  enteringDigest(application: string, environment: string): string | undefined {
    const newest = this.#parts()
      .rollouts.of(application)
      .findLast((each) => each.environment === environment && each.cause !== 'rollback');
    return this.#releasesOf(application).find(({ uid }) => uid === newest?.release)?.digests[environment];
  }

  #releasesOf(application: string): readonly ReleaseFacts[] {
    return this.#releases.get(application) ?? [];
  }

  #remains(uid: string, leftBehind: number): OutsideFacts | undefined {
    const application = this.#called.get(uid);
    return application && leftBehind > 0 ? { application, clusters: [], stages: [] } : undefined;
  }

  #target({ uid, environment, cluster, entry, onRemove }: StoredTarget): TargetFacts {
    const { rollouts, rollbacks } = this.#parts();
    const status = rollouts.statuses.get(uid);
    const gone = status?.gone === true && status.generation === entry.generation && intentOf(entry) !== 'run';
    const pin = rollbacks.pins.get(uid);
    const turn = pin && rollouts.turnOf(pin.rollout, cluster);
    return { uid, environment, cluster, entry, onRemove, gone, ...(pin && { pin }), ...(turn && { turn }) };
  }
}
