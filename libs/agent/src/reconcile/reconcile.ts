import { KeyedQueue, toFault, type Random, type Running } from '@flotilla/foundation';
import { intentOf, type DesiredEntry, type TargetStatus } from '@flotilla/model';
import { actingCluster } from '../apply/acting-cluster.ts';
import type { TargetRecord } from '../keep/target-record.ts';
import { foreseeTarget, type ForeseenTarget } from '../preview/foresee-target.ts';
import type { Tracer } from '../ports/tracer.port.ts';
import type { DeliveryState } from './delivery-state.ts';
import { begunFor, startOfSync } from './begun-sync.ts';
import { chooseStep } from './choose-step.ts';
import { comeBackMs } from './come-back.ts';
import { findScaled } from './find-scaled.ts';
import { freezeEndsInMs, freezing } from './freezing.ts';
import { observeState, type Observation } from './observe-state.ts';
import { renderInputs } from './render-inputs.ts';
import type { StepPorts } from './step.ts';
import { Neighbours } from './neighbours.ts';
import { retreatBundle, retreatedLately, withoutRetreat } from './retreat.ts';
import { retryOf } from './retry.ts';
import { predecessorOf, succeed } from './succeed.ts';
import { summarise } from './summarise.ts';
import { wantedEntry } from './wanted-entry.ts';
import { TargetMemory } from './target-memory.ts';

export interface ReconcilerOptions {
  readonly ports: StepPorts;
  readonly random: Random;
  readonly tracer: Tracer;
  /** Told after each pass and at each honest progress within it. */
  readonly onStatus: (status: Omit<TargetStatus, 'since'>, traceparent: string | undefined) => void;
  readonly onFault: (target: string, fault: ReturnType<typeof toFault>) => void;
}

/** Each of them mostly waits for the API server: fewer leave places of the client empty, more make all of them late. */
const targetsAtOnceMax = 24;
/** A target that takes this long, because it is huge or renders slowly, never holds more than half of the places. */
const slowTargets = { afterMs: 2_000, runningMax: 12 } as const;
/** Far more than any target needs: a pass that gets here goes in circles, and is better looked at again later. */
const stepsMax = 40;

/** States whose step only looks, or asks others to go: what comes of it is seen in the next pass. */
const onlyLook = new Set<DeliveryState['name']>([
  'Waiting',
  'Blocked',
  'Leaving',
  'Closed',
  'SyncFailed',
  'DepartureHeld',
]);

/**
 * The loop: look, name the state, choose one step, run it, look again, until there is nothing to do or something stands
 * in the way. Targets run side by side, one target never twice at once.
 */
export class Reconciler implements Running {
  readonly #options: ReconcilerOptions;
  readonly #memories = new Map<string, TargetMemory>();
  /** Those of which no order speaks: few, or none. */
  readonly #unlisted = new Set<TargetMemory>();
  readonly #neighbours = new Neighbours();
  readonly #queue: KeyedQueue;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#queue = new KeyedQueue({
      clock: options.ports.clock,
      runningMax: targetsAtOnceMax,
      slow: slowTargets,
      handle: (target) => this.#pass(target),
      onError: (target, error) => {
        options.onFault(target, toFault(error));
        return 5_000;
      },
    });
  }

  /** What was remembered of a target before this process began. */
  recall(record: TargetRecord): void {
    const { claims, live } = this.#options.ports;
    const memory = new TargetMemory(record.target, record);
    this.#memories.set(record.target, memory);
    this.#unlisted.add(memory);
    for (const { key } of record.inventory) claims.claim(key, record.target);
    live.expect(record.inventory);
  }

  /** What an entry says now; without one nothing speaks of the target any more. */
  order(target: string, entry: DesiredEntry | undefined, traceparent?: string): void {
    const memory = this.#memories.get(target) ?? new TargetMemory(target, undefined);
    this.#memories.set(target, memory);
    const before = memory.ordered;
    memory.ordered = entry;
    if (entry) this.#unlisted.delete(memory);
    else this.#unlisted.add(memory);
    this.#neighbours.ordered(memory, before);
    this.#want(memory);
    memory.traceparent = traceparent ?? memory.traceparent;
    memory.attempts = 0;
    memory.wantRender(memory.entry && renderInputs(memory.entry, this.#options.ports.facts()));
    const begun = begunFor(entry, memory.record);
    memory.syncStartedAt = begun && Date.parse(begun.at);
    memory.isManual = begun?.manual === true;
    if (isForEarlierRelease(before, entry)) memory.syncRequestDone = entry!.syncRequest;
    if (isToFetch(memory)) this.#options.ports.sources.expect?.(memory.entry!.source);
    if (!entry && memory.gone) this.#forget(memory);
    else this.#queue.add(target);
  }

  /** Something about this target may have changed. */
  look(target: string): void {
    if (this.#memories.has(target)) this.#queue.add(target);
  }

  /** What is remembered of a target in the cluster was deleted, and not by us: it is written down again. */
  recordLost(target: string): void {
    const memory = this.#memories.get(target);
    if (!memory || memory.gone) return;
    memory.unsaved = true;
    this.look(target);
  }

  /** Something about this namespace may have changed. */
  lookIn(namespace: string): void {
    for (const [target, { entry }] of this.#memories)
      if (entry?.sync.namespace && entry.namespace === namespace) this.#queue.add(target);
  }

  lookAtAll(): void {
    for (const target of this.#memories.keys()) this.#queue.add(target);
  }

  memory(target: string): TargetMemory | undefined {
    return this.#memories.get(target);
  }

  /** What a target would run under an entry that nobody ordered yet. */
  foresee(entry: DesiredEntry, signal: AbortSignal): Promise<ForeseenTarget> {
    return foreseeTarget(entry, { known: this.#memories.get(entry.target), ports: this.#options.ports, signal });
  }

  /** Resolves when no target is being worked on and none is due. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  async stop(): Promise<void> {
    await this.#options.ports.renders.stop();
    await this.#queue.stop();
  }

  async #pass(target: string): Promise<number | undefined> {
    const memory = this.#memories.get(target);
    if (!memory) return undefined;
    const { ports, random, tracer, onFault } = this.#options;
    const { traceparent } = memory;
    const observation = await tracer.inSpan('reconcile target', { traceparent, attributes: { target } }, async () => {
      const last = await this.#run(memory, ports).catch((error: unknown) => {
        memory.fault = toFault(error);
        onFault(target, memory.fault);
        return honestly(observeState(memory, ports), ports);
      });
      this.#tell(memory, last);
      return last;
    });
    if (observation.state.name === 'Settled' || memory.fault) memory.traceparent = undefined;
    memory.attempts = observation.state.name === 'Settled' ? 0 : memory.attempts + 1;
    const { fault, attempts, entry } = memory;
    const backMs = comeBackMs({ state: observation.state, fault, attempts, retry: retryOf(entry) }, random);
    // In the very moment in which a freeze ends, whatever else is waited for.
    const endsMs = memory.ordered && freezeEndsInMs(memory.ordered, ports.clock.now());
    return Math.min(backMs, endsMs ?? backMs);
  }

  async #run(memory: TargetMemory, ports: StepPorts): Promise<Observation> {
    memory.fault = undefined;
    // Whether those that were asked to go went meanwhile is for this pass to find out.
    memory.pending = [];
    memory.pendingHooks = 0;
    memory.hasNamespace = false;
    memory.neighbours = this.#neighbours.waitsOf(memory);
    memory.pin = ports.suspensions.pinOf(memory.target);
    memory.recentRetreats = this.#recentRetreats(memory);
    this.#want(memory);
    startAnewIfWanted(memory);
    await this.#succeed(memory, ports);
    await this.#followKinds(memory, ports);
    memory.scaled = new Set();
    for (let count = 0; count < stepsMax; count++) {
      const acting = { ...ports, cluster: actingCluster(ports.cluster, memory.entry) };
      // An autoscaler may set them at any moment, also between two steps.
      if (isToRun(memory)) memory.scaled = await findScaled(memory, acting);
      const observation = observeState(memory, ports);
      const step = chooseStep(observation.state);
      memory.syncStartedAt = startOfSync(memory, observation.state, ports.clock.now());
      // What a person began is his to the end, also once all is applied and only leftovers and hooks are to come.
      memory.isManual = memory.isAsked || (memory.isManual && memory.syncStartedAt !== undefined);
      if (observation.state.name === 'Settled') {
        memory.failure = undefined;
        memory.goodDigest = memory.record.running?.sourceDigest;
      }
      if (!step) return observation;
      await this.#options.tracer.inSpan(step.name, {}, () =>
        step.run({ memory, state: observation.state, ports: acting }),
      );
      if (observation.state.name === 'RetreatDue') this.#want(memory);
      // It may be wanted again since it began to leave.
      if (observation.state.name === 'Leaving') startAnewIfWanted(memory);
      // A step that only looks leads nowhere by itself; the next pass looks again.
      if (onlyLook.has(observation.state.name)) return observeState(memory, ports);
      if (observation.state.name === 'Unsettled') this.#tell(memory, observeState(memory, ports));
    }
    return observeState(memory, ports);
  }

  /** What it is to run now, which a freeze and its end decide as much as a set does. */
  #want(memory: TargetMemory): void {
    const { ordered, pin } = memory;
    const record = withoutRetreat(memory.record, ordered);
    if (record !== memory.record) memory.unsaved = true;
    memory.record = record;
    memory.freezing = ordered && freezing(ordered, record, this.#options.ports.clock.now());
    const retreat = ordered && retreatBundle(ordered, record);
    memory.retreated = retreat !== undefined;
    memory.entry = wantedEntry(ordered, { bundles: record.bundles, pin, freezing: memory.freezing, retreat });
  }

  /** Few targets have a policy of going back, so it is rarely counted. */
  #recentRetreats({ ordered }: TargetMemory): number {
    if (!ordered?.retreat) return 0;
    const now = this.#options.ports.clock.now();
    const { environment } = ordered;
    const others = [...this.#memories.values()].filter((other) => other.ordered?.environment === environment);
    return others.filter(({ record }) => retreatedLately(record, now)).length;
  }

  /** What ran here under another uid is told to have left, once its successor has it. */
  async #succeed(memory: TargetMemory, ports: StepPorts): Promise<void> {
    const before = predecessorOf(memory, this.#unlisted, ports);
    if (!before) return;
    await succeed(memory, before, ports);
    this.#tell(before, observeState(before, ports));
    this.#forget(before);
  }

  #forget(memory: TargetMemory): void {
    this.#memories.delete(memory.target);
    this.#unlisted.delete(memory);
  }

  /**
   * Everything that the inventory and the render name is watched before it is compared. What leaves is not compared but
   * looked at one by one, so a kind that we may not list keeps nobody here; watches only tell earlier that an object went.
   */
  async #followKinds(memory: TargetMemory, { live, namespaces }: StepPorts): Promise<void> {
    const { target, entry, record, rendered } = memory;
    const inventory = record.inventory.map(({ key }) => key);
    if (live.judgeBy(target, entry?.health)) memory.misjudged = true;
    if (entry && intentOf(entry) !== 'run') return live.follow(inventory).catch(() => undefined);
    if (entry?.sync.namespace) await namespaces.follow();
    await live.follow([...inventory, ...(rendered?.objects ?? []).map(({ key }) => key)]);
    if (!memory.misjudged) return;
    await live.judgeAgain(target);
    memory.misjudged = false;
  }

  #tell(memory: TargetMemory, observation: Observation): void {
    const status = summarise(memory, observation);
    const { clock, hearing } = this.#options.ports;
    const isUnwell = status.health === 'Degraded';
    memory.unwellSince = isUnwell ? (memory.unwellSince ?? clock.now()) : undefined;
    // Whoever told it before the line was cut has no news to tell, and would never find out that nobody hears him.
    if (isUnwell && memory.ordered?.retreat) hearing.askForReceipt();
    this.#options.onStatus(status, this.#options.tracer.current());
    for (const { target } of this.#neighbours.told(memory, status)) this.look(target);
  }
}

/** A request that is still open when another release comes was made for the one before: nobody asked for this one. */
function isForEarlierRelease(before: DesiredEntry | undefined, entry: DesiredEntry | undefined): boolean {
  if (!before || !entry || before.syncRequest !== entry.syncRequest) return false;
  return before.release !== entry.release || before.sourceDigest !== entry.sourceDigest;
}

/** What it runs is not in its record, neither from before nor because somebody went back to it. */
function isToFetch(memory: TargetMemory): boolean {
  const { entry, record } = memory;
  return isToRun(memory) && !record.bundles.some(({ sourceDigest }) => sourceDigest === entry!.sourceDigest);
}

function isToRun({ entry }: TargetMemory): boolean {
  return entry !== undefined && intentOf(entry) === 'run';
}

/** What left and is wanted again: what it ran in its first life says nothing of the second. */
function startAnewIfWanted(memory: TargetMemory): void {
  if (!memory.gone || !memory.entry || intentOf(memory.entry) !== 'run') return;
  memory.gone = false;
  memory.record = { ...memory.record, running: undefined };
}

/** An object that was not listed yet is not missing: without a complete list, nothing is said of any. */
function honestly(observation: Observation, { live }: StepPorts): Observation {
  const keys = observation.plan?.objects.map(({ desired }) => desired.key) ?? [];
  return live.hasListed(keys) ? observation : { state: observation.state };
}
