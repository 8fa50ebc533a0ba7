import {
  intentOf,
  isOpenRollout,
  type DesiredEntry,
  type RolloutCause,
  type RolloutState,
  type TargetStatus,
} from '@flotilla/model';
import type { RolloutProgress, RolloutSteering } from '../delivery-record.port.ts';
import type { PinTurn, StageFacts } from '../facts.ts';
import type { PlannedRollout } from '../plan/delivery-plan.ts';
import type { GatedRollout } from '../promotion/gated-rollout.ts';
import type { PastRollout } from '../promotion/promotion-facts.ts';
import type { LookedAt } from '../rollout/plan-wave-questions.ts';
import type { FrozenRollout } from '../rollout/rollout-course.ts';
import type { HaltedRollout } from './in-memory-rollbacks.ts';
import type { StoredTarget } from './in-memory-sets.ts';
import { InMemoryWaves, type HeardStatus, type SteeredWaves, type WaveSurroundings } from './in-memory-waves.ts';

/** A rollout as the record in memory keeps it. */
export interface StoredRollout {
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
  /** It failed, and is left to a person. */
  readonly declined?: boolean;
  /** It is over, and nobody was well with it. */
  readonly forNobody?: boolean;
  /** It goes back on some of what runs there only. */
  readonly partial?: boolean;
}

/** A rollout that goes in waves. */
export type StagedRollout = StoredRollout & { readonly course: FrozenRollout };

/** One of them as somebody finds it who approves a wave. */
export interface GatedWaves extends Pick<GatedRollout, 'waves'> {
  readonly rollout: StagedRollout;
}

/** What rollouts go over, and what is said of it. */
export interface RolloutSurroundings {
  readonly now: () => Date;
  /** The targets of an application that have not left. */
  readonly standing: (application: string) => readonly StoredTarget[];
  /** The rollout that holds a target, where one went back. */
  readonly heldBy: (target: string) => string | undefined;
  /** What is around a rollout in waves. */
  readonly around: (rollout: StoredRollout) => WaveSurroundings;
  /** How far a rollout has come may let the next one in. */
  readonly markPlan: (application: string) => void;
  /** It is halted, and may be taken back by itself. */
  readonly markFailed: (rollout: string) => void;
  /** Told of each look at a rollout, which may want somebody asked. */
  readonly looked: (rollout: StoredRollout, looked: LookedAt) => void;
  /** Told of each that a person ends. */
  readonly ended: (rollout: StoredRollout) => void;
  /** Takes the pins off that a rollout set and that wait for it; of all of its clusters, or of these. */
  readonly letGo: (rollout: StoredRollout, clusters?: readonly string[]) => void;
}

type Counted = Pick<RolloutProgress, 'total' | 'arrived' | 'lookAgainMs'>;

/** Releases that entered environments, how far they came, and for how long they were well. */
export class InMemoryRollouts {
  readonly statuses = new Map<string, HeardStatus>();
  readonly #rollouts = new Map<string, StoredRollout>();
  /** When a target was last Degraded, or had ceased to be. */
  readonly #degradedAt = new Map<string, Date>();
  readonly #waves = new InMemoryWaves();
  readonly #surroundings: RolloutSurroundings;

  constructor(surroundings: RolloutSurroundings) {
    this.#surroundings = surroundings;
  }

  find(uid: string): StoredRollout | undefined {
    return this.#rollouts.get(uid);
  }

  /** Oldest first. */
  of(application: string): StoredRollout[] {
    return [...this.#rollouts.values()].filter((rollout) => rollout.application === application);
  }

  /** Those in waves that are not over: whatever is said may be news to them. */
  get staged(): readonly StagedRollout[] {
    return [...this.#rollouts.values()].filter(
      (rollout): rollout is StagedRollout => rollout.course !== undefined && isOpenRollout(rollout.state),
    );
  }

  /** The newest that an order may be for: one that is open, or what entered last and was aborted, to be taken up again. */
  steerable(application: string, { environment, order, rollout: named }: RolloutSteering): StagedRollout | undefined {
    const here = this.of(application).filter((each) => each.environment === environment && each.course);
    const isNamed = ({ uid }: StoredRollout) => (named ?? uid) === uid;
    const open = here.findLast((each) => isOpenRollout(each.state) && isNamed(each));
    const last = here.findLast(({ cause }) => cause !== 'rollback');
    const aborted = order === 'retry' && last?.state === 'Aborted' && isNamed(last) ? last : undefined;
    return (open ?? aborted) as StagedRollout | undefined;
  }

  /** The newest in waves that is open, with which of its waves have begun; what goes back asks nobody. */
  gated(application: string, environment: string): GatedWaves | undefined {
    const isMeant = (each: StagedRollout) =>
      each.application === application && each.environment === environment && each.cause !== 'rollback';
    const rollout = this.staged.findLast(isMeant);
    return rollout && { rollout, waves: this.#wavesOf(rollout) };
  }

  heard(status: TargetStatus): void {
    const { target, health } = status;
    const now = this.#surroundings.now();
    if ([this.statuses.get(target)?.health, health].includes('Degraded')) this.#degradedAt.set(target, now);
    this.statuses.set(target, { ...status, reportedAt: now.getTime() });
  }

  begin(application: string, { admitted = [], ...planned }: PlannedRollout): void {
    const { uid, environment, release, cause, course, partial } = planned;
    const beganAt = this.#surroundings.now();
    const begun = { uid, application, environment, release, cause, beganAt, ...(partial && { partial }) };
    this.#rollouts.set(uid, { ...begun, state: 'Running', ...(course && { course }) });
    if (course) this.#waves.begin(uid, course, { admitted, at: beganAt.getTime() });
  }

  supersede(uid: string): void {
    const rollout = this.#rollouts.get(uid)!;
    this.#surroundings.letGo(rollout);
    this.#rollouts.set(uid, { ...rollout, state: 'Superseded' });
  }

  /** What is known of one that is to be taken back by itself, and was not yet left to a person. */
  failed(uid: string): HaltedRollout | undefined {
    const rollout = this.#rollouts.get(uid);
    if (rollout?.state !== 'Halted' || !rollout.course?.onFailure || rollout.declined) return undefined;
    const { application, environment, release } = rollout;
    const lastAdmittedAt = this.#waves.lastAdmittedAt(uid);
    return { uid, application, environment, release, ...(lastAdmittedAt && { lastAdmittedAt }) };
  }

  decline(uid: string): void {
    this.#rollouts.set(uid, { ...this.#rollouts.get(uid)!, declined: true });
  }

  /** While a rollback is under way: whether it let a cluster take what it is pinned to. */
  turnOf(uid: string, cluster: string): PinTurn | undefined {
    const rollout = this.#rollouts.get(uid);
    return rollout && isOpenRollout(rollout.state) ? this.#waves.turnOf(uid, cluster) : undefined;
  }

  /** What leaves an environment keeps for how long it was well there: afterwards nobody could say. */
  closeVisit(application: string, environment: string): void {
    const last = this.#lastIn(application, environment);
    if (last?.state === 'Finished') this.#rollouts.set(last.uid, { ...last, wellSince: this.#wellSince(last) });
  }

  /** Looks at a rollout that is not over; nothing when there is none any more. */
  settle(rollout: StoredRollout): Counted | undefined {
    if (rollout.course) return this.#lookAtWaves({ ...rollout, course: rollout.course });
    const { uid, application, environment } = rollout;
    const targets = this.#surroundings.standing(application).filter((target) => {
      const isHere = target.environment === environment && intentOf(target.entry) === 'run';
      return isHere && this.#surroundings.heldBy(target.uid) === undefined;
    });
    const told = targets.filter(({ entry }) => entry.release === rollout.release);
    const arrived = told.filter(({ entry }) => hasArrived(entry, this.statuses.get(entry.target))).length;
    if (targets.length > 0 && arrived === targets.length) {
      this.#rollouts.set(uid, { ...rollout, state: 'Finished', finishedAt: this.#surroundings.now() });
      this.#surroundings.markPlan(application);
    }
    return { total: targets.length, arrived };
  }

  steer(rollout: StagedRollout | undefined, steering: RolloutSteering): SteeredWaves {
    const steered = this.#waves.steer(rollout, steering, rollout ? this.#surroundings.around(rollout) : nowhere);
    if (!rollout) return steered;
    if (steered.state === 'Aborted') this.#end(rollout);
    if (steering.order === 'skip') this.#surroundings.letGo(rollout, steered.about);
    this.#rollouts.set(rollout.uid, { ...rollout, state: steered.state, declined: false });
    return steered;
  }

  past(rollout: StoredRollout): PastRollout {
    const { uid, application, wellSince, course, partial: _, declined: _declined, ...told } = rollout;
    const last = this.#lastIn(application, rollout.environment);
    const since = last?.uid === uid ? this.#wellSince(rollout) : wellSince;
    const { state } = rollout;
    const failing = state === 'Halted' || (state === 'Running' && !course && this.#isDegraded(rollout));
    return { ...told, failing, ...(since && state === 'Finished' && { wellSince: since }) };
  }

  currentOf(application: string, environment: string): Pick<StageFacts, 'current' | 'finished'> {
    // Who goes back holds targets and settles nothing for the environment.
    const here = this.of(application).filter((each) => each.environment === environment && each.cause !== 'rollback');
    const last = here.at(-1);
    if (!last) return {};
    const { uid: rollout, release, state } = last;
    const admission = this.#waves.admissionOf(rollout, state);
    const finished = here.findLast((each) => each.state === 'Finished')?.release;
    const current = { rollout, release, running: isOpenRollout(state), ...(admission && { admission }) };
    return { current, ...(admission && finished !== undefined && { finished }) };
  }

  #lookAtWaves(rollout: StagedRollout): Counted | undefined {
    const around = this.#surroundings.around(rollout);
    if (rollout.cause === 'rollback' && this.#waves.isEmpty(rollout, around)) {
      this.supersede(rollout.uid);
      return undefined;
    }
    const progress = this.#waves.progressOf(rollout, around);
    const advance = this.#waves.look(rollout, around);
    if (!advance) return { ...progress, lookAgainMs: deafLookMs };
    const waves = this.#wavesOf(rollout);
    const begun = new Set(waves.flatMap(({ name, hasBegun }) => (hasBegun ? [name] : [])));
    this.#surroundings.looked(rollout, { waves, advance, begun, now: this.#surroundings.now() });
    const { admit, state, nextLook } = advance;
    const finished = state === 'Finished' && {
      finishedAt: this.#surroundings.now(),
      ...(rollout.cause !== 'rollback' && progress.arrived === 0 && { forNobody: true }),
    };
    this.#rollouts.set(rollout.uid, { ...rollout, state, ...finished });
    if (state === 'Halted' && state !== rollout.state && rollout.course.onFailure)
      this.#surroundings.markFailed(rollout.uid);
    if (admit.length > 0 || state !== rollout.state) this.#surroundings.markPlan(rollout.application);
    return { ...progress, ...(nextLook !== undefined && { lookAgainMs: nextLook - around.now }) };
  }

  #end(rollout: StagedRollout): void {
    this.#surroundings.letGo(rollout);
    this.#surroundings.ended(rollout);
  }

  #wavesOf({ uid, course }: StagedRollout): GatedWaves['waves'] {
    return course.waves.map((wave) => ({ ...wave, hasBegun: this.#waves.hasBegun(uid, wave.clusters) }));
  }

  #lastIn(application: string, environment: string): StoredRollout | undefined {
    return this.of(application).findLast((each) => each.environment === environment && !each.partial);
  }

  #wellSince(rollout: StoredRollout): Date | undefined {
    if (this.#isDegraded(rollout)) return undefined;
    const times = [rollout.finishedAt, ...this.#runningAt(rollout).map(({ uid }) => this.#degradedAt.get(uid))];
    return times.reduce((latest, time) => (latest && time && time <= latest ? latest : (time ?? latest)), undefined);
  }

  #isDegraded(rollout: StoredRollout): boolean {
    return this.#runningAt(rollout).some(({ uid }) => this.statuses.get(uid)?.health === 'Degraded');
  }

  #runningAt({ application, environment, release }: StoredRollout): StoredTarget[] {
    return this.#surroundings
      .standing(application)
      .filter(
        (target) =>
          target.environment === environment && target.entry.release === release && intentOf(target.entry) === 'run',
      );
  }
}

/** Nobody says when we hear again. */
const deafLookMs = 10_000;

/** What is around a rollout that there is not. */
const nowhere: WaveSurroundings = {
  now: 0,
  nameOf: String,
  livenessOf: () => undefined,
  targetOn: () => undefined,
  freezeOver: () => undefined,
  context: {
    now: new Date(0),
    application: { name: '' },
    environment: '',
    release: { revision: '', digests: {} },
    writers: [],
    facts: { approvals: [], groups: {}, neighbours: [], answers: [] },
  },
};

/** Health counts only when it was reported for the generation that brought the release. */
function hasArrived({ generation, release }: DesiredEntry, status: TargetStatus | undefined): boolean {
  if (status?.generation !== generation || status.release !== release) return false;
  return status.sync === 'Synced' && status.health === 'Healthy';
}
