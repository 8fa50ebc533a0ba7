import {
  isInForce,
  type DesiredEntry,
  type EntryFreeze,
  type RolloutCause,
  type RolloutState,
  type TargetStatus,
} from '@flotilla/model';
import type { OrderedRollout, RolloutProgress, RolloutSteering } from '../delivery-record.port.ts';
import type { Admission, PinTurn } from '../facts.ts';
import { advanceRollout } from '../rollout/advance-rollout.ts';
import { clusterEvidence, isHeldUp, mayBegin, type StepFacts, type StepSaid } from '../rollout/cluster-evidence.ts';
import { deadlineNotes, phased, type PhasedCluster } from '../rollout/cluster-phase.ts';
import { frozenWaves, judgeWaves, type WaveContext } from '../rollout/judge-waves.ts';
import type { FrozenRollout, FrozenWave } from '../rollout/rollout-course.ts';
import { rolloutMissing, steerRollout } from '../rollout/steer-rollout.ts';

/** Whether a cluster is heard, and since when. */
export type StepLiveness = Pick<StepFacts, 'connection' | 'lastSeenAt' | 'connectedSince'>;

/** A status with when it was heard. */
export interface HeardStatus extends TargetStatus {
  readonly reportedAt: number;
}

/** What stands on a cluster, and what was said of it. */
export interface WavedTarget {
  readonly entry: DesiredEntry;
  /** The rollout of the rollback that holds it. */
  readonly pinnedBy: string | undefined;
  readonly status?: HeardStatus;
}

export interface WavedRollout {
  readonly uid: string;
  readonly release: string;
  readonly state: RolloutState;
  readonly course: FrozenRollout;
  readonly cause: RolloutCause;
}

/** What else is known: how clusters are heard, and what stands on them and was said of it. */
export interface WaveSurroundings {
  /** `undefined` for a cluster that left the environment. */
  readonly livenessOf: (cluster: string) => StepLiveness | undefined;
  readonly targetOn: (cluster: string) => WavedTarget | undefined;
  readonly nameOf: (cluster: string) => string;
  readonly now: number;
  /** What the gates of its waves may ask about. */
  readonly context: WaveContext;
  /** What keeps a cluster from the release of the rollout. */
  readonly freezeOver: (cluster: string) => EntryFreeze | undefined;
}

/** What came of an order to a rollout, and the clusters that are to try again. */
export interface SteeredWaves extends OrderedRollout {
  readonly retry: readonly string[];
  /** The clusters that the order was about, by uid. */
  readonly about: readonly string[];
}

type Step = Pick<StepFacts, 'admittedAt' | 'skipped' | 'forgiven' | 'heldAt' | 'wellAt'>;

/** Who was admitted to which rollout, in memory. */
export class InMemoryWaves {
  readonly #steps = new Map<string, Map<string, Step>>();

  begin(
    rollout: string,
    { waves }: FrozenRollout,
    first: { readonly admitted: readonly string[]; readonly at: number },
  ) {
    const stepOf = (cluster: string): Step => (first.admitted.includes(cluster) ? { admittedAt: first.at } : {});
    const clusters = waves.flatMap((wave) => wave.clusters);
    this.#steps.set(rollout, new Map(clusters.map((cluster) => [cluster, stepOf(cluster)])));
  }

  /** Whether a cluster of a rollout was let in; `undefined` of one that is none of it. */
  turnOf(rollout: string, cluster: string): PinTurn | undefined {
    const step = this.#steps.get(rollout)?.get(cluster);
    return step && (step.admittedAt === undefined ? 'waits' : 'taken');
  }

  hasBegun(rollout: string, clusters: readonly string[]): boolean {
    const steps = this.#steps.get(rollout)!;
    return clusters.some((cluster) => steps.get(cluster)?.admittedAt !== undefined);
  }

  lastAdmittedAt(rollout: string): Date | undefined {
    const times = [...this.#steps.get(rollout)!.values()].flatMap(({ admittedAt }) => admittedAt ?? []);
    return times.length === 0 ? undefined : new Date(Math.max(...times));
  }

  /** Nobody is left whom it is for. */
  isEmpty(rollout: WavedRollout, around: WaveSurroundings): boolean {
    return this.#factsOf(rollout, around).length === 0;
  }

  admissionOf(rollout: string, state: RolloutState): Admission | undefined {
    const steps = this.#steps.get(rollout);
    if (!steps) return undefined;
    const having = (is: (step: Step) => boolean) =>
      new Set([...steps].flatMap(([cluster, step]) => (is(step) ? [cluster] : [])));
    return {
      state,
      admitted: having(({ admittedAt, skipped }) => admittedAt !== undefined && !skipped),
      skipped: having(({ skipped = false }) => skipped),
    };
  }

  /** What the engine decides now; whoever it admits is admitted. `undefined` while we are deaf. */
  look(rollout: WavedRollout, around: WaveSurroundings) {
    const steps = this.#factsOf(rollout, around);
    if (steps.some(({ connection }) => connection === 'Deaf')) return undefined;
    const { course, state } = rollout;
    const waveOf = new Map(course.waves.flatMap(({ name, clusters }) => clusters.map((cluster) => [cluster, name])));
    const members = steps
      .filter(mayBegin)
      .map(({ cluster }) => ({ wave: waveOf.get(cluster)!, freeze: around.freezeOver(cluster) }));
    const verdicts = judgeWaves(course.waves, around.context, frozenWaves(members));
    const hasBegun = ({ clusters }: FrozenWave) => this.hasBegun(rollout.uid, clusters);
    const begun = new Set(course.waves.filter(hasBegun).map(({ name }) => name));
    const advance = advanceRollout({ ...course, state, begun, verdicts }, steps.map(clusterEvidence), around.now);
    const heldUp = steps.filter(isHeldUp).map(({ cluster }) => cluster);
    const { anew, well, unsettled } = deadlineNotes(this.#phasesOf(rollout, around), {
      heldUp,
      deadlineMs: course.deadlineMs ?? Infinity,
      now: around.now,
    });
    for (const cluster of advance.admit) this.#change(rollout, cluster, { admittedAt: around.now });
    for (const cluster of well) this.#change(rollout, cluster, { wellAt: around.now });
    for (const cluster of unsettled) this.#unsettle(rollout, cluster);
    for (const cluster of anew) this.#change(rollout, cluster, { heldAt: around.now });
    return advance;
  }

  progressOf(rollout: WavedRollout, around: WaveSurroundings): Pick<RolloutProgress, 'total' | 'arrived'> {
    const phases = this.#phasesOf(rollout, around);
    return { total: phases.length, arrived: phases.filter(({ phase }) => phase === 'Done').length };
  }

  /** Carries out an order; the clusters that are to try again are asked to by whoever calls. */
  steer(rollout: WavedRollout | undefined, steering: RolloutSteering, around: WaveSurroundings): SteeredWaves {
    if (!rollout) throw rolloutMissing(steering.application, steering.environment);
    const clusters = this.#phasesOf(rollout, around).map((each) => ({ ...each, name: around.nameOf(each.cluster) }));
    const { state, forgive, retry, skip } = steerRollout({ state: rollout.state, clusters }, steering);
    for (const cluster of forgive) this.#change(rollout, cluster, { forgiven: true });
    for (const cluster of retry) this.#change(rollout, cluster, { forgiven: false, admittedAt: around.now });
    for (const cluster of skip) this.#change(rollout, cluster, { skipped: true });
    const about = [...forgive, ...retry, ...skip];
    return { rollout: rollout.uid, state, clusters: about.map(around.nameOf), retry, about };
  }

  #change({ uid }: WavedRollout, cluster: string, change: Step): void {
    const steps = this.#steps.get(uid)!;
    steps.set(cluster, { ...steps.get(cluster), ...change });
  }

  #unsettle({ uid }: WavedRollout, cluster: string): void {
    const { wellAt: _, ...step } = this.#steps.get(uid)!.get(cluster)!;
    this.#steps.get(uid)!.set(cluster, step);
  }

  #phasesOf(rollout: WavedRollout, around: WaveSurroundings): PhasedCluster[] {
    const known = new Map(this.#factsOf(rollout, around).map((step) => [step.cluster, step]));
    return rollout.course.waves.flatMap(({ clusters, minSuccessMs }) =>
      clusters.flatMap((cluster) => {
        const step = known.get(cluster);
        const limits = { minSuccessMs, deadlineMs: rollout.course.deadlineMs };
        return step ? [phased(clusterEvidence(step), limits, around.now)] : [];
      }),
    );
  }

  /** What was let go from a rollback is none of it any more. */
  #factsOf({ uid, release, cause }: WavedRollout, { livenessOf, targetOn, now }: WaveSurroundings): StepFacts[] {
    return [...this.#steps.get(uid)!].flatMap(([cluster, step]) => {
      const liveness = livenessOf(cluster);
      const target = targetOn(cluster);
      if (cause === 'rollback' && target?.pinnedBy !== uid) return [];
      const isTold = target?.entry.release === release;
      const said = isTold && target.status && saidOf(target.entry, target.status);
      const isElsewhere = target?.pinnedBy !== undefined && target.pinnedBy !== uid;
      const isPinned = !isTold && isElsewhere;
      const isFrozen = cause === 'rollback' && isStopped(target?.entry, now) && !(said && said.isApplied);
      return liveness ? [{ cluster, ...step, ...liveness, isTold, isPinned, isFrozen, ...(said && { said }) }] : [];
    });
  }
}

/** A freeze holds it back, and no glass is broken there. */
function isStopped(entry: DesiredEntry | undefined, now: number): boolean {
  return entry?.frozen !== undefined && !(entry.breakGlass && isInForce(entry.breakGlass, now));
}

function saidOf(entry: DesiredEntry, { generation, release, sync, health, reason, reportedAt }: HeardStatus): StepSaid {
  return {
    isWanted: generation === entry.generation,
    isApplied: release === entry.release,
    isSuspended: entry.suspended !== undefined,
    sync,
    health,
    reason,
    reportedAt,
  };
}
