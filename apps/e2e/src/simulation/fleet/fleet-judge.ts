import { fieldManager } from '@flotilla/agent';
import type { Report } from '@flotilla/contracts';
import { lostAfterMs } from '@flotilla/control-fleet';
import { intentOf, noFence, type DesiredEntry, type Fence, type KubeObject, type TargetStatus } from '@flotilla/model';
import { ownedFields } from '@flotilla/workload-manifests';
import { DeliveryJudge } from '../delivery-judge.ts';
import { HeldEntries, hearingMs } from '../held-entries.ts';
import {
  differencesFrom,
  lossInvariants,
  reportInvariants,
  valueOf,
  violationsOf,
  writeInvariants,
  type Content,
  type HeldEntry,
  type Violation,
} from '../invariants.ts';
import type { FleetCluster, FleetWrite } from './fleet-cluster.ts';
import { applications, environments, namespaceOf, type FleetWorld } from './fleet-world.ts';
import { watchPlans } from './plan-judge.ts';

/** Of each namespace, what lives there. */
const places = new Map(
  applications.flatMap((application) =>
    environments.map((environment) => [namespaceOf(application, environment), { application, environment }] as const),
  ),
);

/**
 * Watches every write of every agent, every report and every loss as it happens, and holds the invariants to it; what the
 * control plane plans is for `plan-judge.ts`.
 */
export class FleetJudge {
  readonly violations: Violation[] = [];
  readonly #world: FleetWorld;
  readonly #deliveries: DeliveryJudge;
  /** When a cluster was last away, or out of an environment, through nobody's failure. */
  readonly #excusedAt = new Map<string, number>();
  readonly #made = new Set<string>();
  readonly #newest = new Map<string, number>();
  readonly #held: HeldEntries<DesiredEntry | undefined>;
  /** The entry that was held when a write was sent: another may come while it is under way. */
  readonly #sent = new Map<string, DesiredEntry | undefined>();
  readonly #lastWrites = new Map<string, number>();
  readonly #lastForeign = new Map<string, number>();
  readonly #fences = new Map<string, Fence>();
  readonly #appliedAt = new Map<string, string | undefined>();
  readonly #missedAt = new Map<string, number>();
  readonly #suspendedSince = new Map<string, number>();

  constructor(world: FleetWorld) {
    this.#world = world;
    this.#held = new HeldEntries(world.clock);
    const excuseOf = (cluster: string, since: Date) => this.#excuseOf(cluster, since.getTime());
    this.#deliveries = new DeliveryJudge({ violations: this.violations, excuseOf });
    this.#deliveries.watch(world.database.deliveries);
    watchPlans(world, this.violations);
    this.#watchLooks();
    world.onWrite = (write) => this.#judgeWrite(write);
    world.onCall = (cluster, { namespace = '' }) => {
      if (places.has(namespace)) this.#held.see(placeOf(cluster, namespace), entryAt(cluster, namespace));
    };
    world.onSend = (cluster, { namespace = '', name }) =>
      void this.#sent.set(`${placeOf(cluster, namespace)}/${name}`, entryAt(cluster, namespace));
    world.onForeign = (cluster, namespace) => this.foreign(cluster, namespace);
    world.onDeaf = (cluster) => void this.#missedAt.set(cluster, world.clock.now());
    world.onLost = (clusters, decidedAt) => {
      for (const cluster of clusters) this.#judgeLoss(cluster, decidedAt);
    };
    world.onSaid = (cluster, kind, message) =>
      void (kind === 'report' && this.#judgeReport(cluster, message as Report));
  }

  /** Who is away when waves are looked at is passed by, however soon he is back. */
  #watchLooks(): void {
    const { deliveries, liveness } = this.#world.database;
    const settle = deliveries.settleRollout.bind(deliveries);
    deliveries.settleRollout = (rollout) => {
      for (const cluster of this.#world.clusters.keys())
        if (!liveness.isConnected(cluster)) this.excuse(cluster, 'away');
      return settle(rollout);
    };
  }

  /** Somebody else wrote there: what agents say of it may be out of date for a moment. */
  foreign(cluster: string, namespace: string): void {
    this.#lastForeign.set(`${cluster}/${namespace}`, this.#world.clock.now());
  }

  /** Somebody held this cluster, or it was out of an environment: what it did not do meanwhile is nobody's failure. */
  excuse(cluster: string, is: 'away' | 'passed by'): void {
    this.#excusedAt.set(`${cluster} ${is}`, this.#world.clock.now());
  }

  /** What stands under a name is not there by our hand. */
  isForeign(cluster: FleetCluster, namespace: string, name: string): boolean {
    const object = objectAt(cluster, namespace, name);
    return object !== undefined && !this.#made.has(idOf(cluster, object));
  }

  /** To be called now and then: since when agents know that somebody suspended a target. */
  observe(): void {
    for (const cluster of this.#world.clusters.values()) {
      for (const namespace of places.keys()) {
        const place = placeOf(cluster, namespace);
        if (!entryAt(cluster, namespace)?.suspended) this.#suspendedSince.delete(place);
        else if (!this.#suspendedSince.has(place)) this.#suspendedSince.set(place, this.#world.clock.now());
      }
    }
  }

  #judgeWrite(write: FleetWrite): void {
    const { cluster, key, before, after } = write;
    const { namespace = '' } = key;
    const where = places.get(namespace);
    if (!where || key.kind !== 'ConfigMap') return;
    const place = placeOf(cluster, namespace);
    if (!before && after) this.#made.add(idOf(cluster, after));
    const entry = this.#sent.get(`${place}/${key.name}`);
    const lately = this.#held.lately(place).filter((held) => held !== undefined);
    const written = lately.filter((held) => this.#contentOf(held)[key.name] === valueOf(after));
    const generation = Math.max(0, ...written.map((held) => held.generation));
    const newestGeneration = this.#newest.get(place) ?? 0;
    const frozen = this.#frozenContent(cluster, lately);
    const isFrozen = frozen !== undefined && frozen[key.name] === valueOf(after);
    const observed = {
      verb: write.call.verb,
      name: key.name,
      before,
      after,
      isOurs: before === undefined || this.#made.has(idOf(cluster, before)),
      adopts: where.application === 'pay',
      entry: this.#declared(entry),
      heldValues: [...lately.map((held) => this.#contentOf(held)), frozen].flatMap((held) => held?.[key.name] ?? []),
      generation: isFrozen ? newestGeneration : generation,
      newestGeneration,
      isOvertaken: false,
      missing:
        entry && !frozen && this.#isQuiet(place, this.#lastForeign)
          ? this.#differences(cluster, namespace, this.#contentOf(entry))
          : [],
      isSuspended:
        entryAt(cluster, namespace)?.suspended !== undefined && this.#isOlderThan(this.#suspendedSince.get(place)),
      leaseHeldBy: undefined,
      deletion: undefined,
    };
    this.violations.push(...violationsOf(writeInvariants, observed, `${write.call.verb} ${place}/${key.name}`));
    if (write.call.verb === 'apply') this.#newest.set(place, Math.max(newestGeneration, generation));
    this.#lastWrites.set(place, this.#world.clock.now());
  }

  #judgeReport(cluster: FleetCluster, { fence, items }: Report): void {
    const fenceBefore = this.#fences.get(cluster.uid) ?? noFence;
    this.#fences.set(cluster.uid, fence);
    this.#deliveries.heard(items);
    for (const item of items) {
      const id = `${cluster.uid}/${item.target}/${item.generation}/${item.release}`;
      const observed = {
        fence,
        fenceBefore,
        appliedAt: item.appliedAt,
        appliedAtBefore: this.#appliedAt.get(id),
        differences: this.#differencesSaidSynced(cluster, item),
        leaseHeldBy: undefined,
        stillThere: item.gone ? this.#stillThere(cluster, item.target) : [],
      };
      this.#appliedAt.set(id, item.appliedAt);
      this.violations.push(...violationsOf(reportInvariants, observed, `${cluster.uid} says of ${item.target}`));
    }
  }

  /** What came after the decision, while it was being written down, changes nothing about it. */
  #judgeLoss(cluster: string, decidedAt: number): void {
    const missedAt = this.#missedAt.get(cluster) ?? -Infinity;
    this.excuse(cluster, 'away');
    const missedByUs = missedAt <= decidedAt && decidedAt - missedAt < lostAfterMs;
    this.violations.push(...violationsOf(lossInvariants, { missedByUs }, cluster));
  }

  #excuseOf(cluster: string, since: number): 'away' | 'passed by' | undefined {
    const isSince = (is: string) => (this.#excusedAt.get(`${cluster} ${is}`) ?? -Infinity) >= since;
    if (isSince('passed by')) return 'passed by';
    return isSince('away') || !this.#world.database.liveness.isConnected(cluster) ? 'away' : undefined;
  }

  /** What an agent writes where a freeze holds it: what it ran when that came. */
  #frozenContent(cluster: FleetCluster, lately: readonly DesiredEntry[]): Content | undefined {
    const entry = lately.findLast(({ frozen }) => frozen !== undefined);
    const running = entry && cluster.agent?.reconciler.memory(entry.target)?.record.running;
    return running && this.#world.git.contentAt(running.revision, entry.source.path);
  }

  /** Of what is said to be Synced, what does not stand; nothing while anybody was at it a moment ago. */
  #differencesSaidSynced(cluster: FleetCluster, { target, sync, revision }: TargetStatus): readonly string[] {
    const entry = cluster.agent?.reconciler.memory(target)?.entry;
    if (sync !== 'Synced' || !revision || !isRun(entry)) return [];
    const place = placeOf(cluster, entry.namespace);
    if (![this.#lastForeign, this.#lastWrites].every((last) => this.#isQuiet(place, last))) return [];
    return this.#differences(cluster, entry.namespace, this.#world.git.contentAt(revision, entry.source.path));
  }

  /** What stands under the name of a target that left and is not wanted anew. */
  #stillThere(cluster: FleetCluster, target: string): string[] {
    if (isRun(cluster.agent?.reconciler.memory(target)?.entry)) return [];
    const ours = cluster.api.all().filter((object) => this.#isOurs(cluster, object, target));
    return ours.map(({ metadata }) => metadata.name);
  }

  #isOurs(cluster: FleetCluster, object: KubeObject, target: string): boolean {
    const isMarked = object.kind === 'ConfigMap' && object.metadata.labels?.['flotilla.dev/target'] === target;
    return isMarked && this.#made.has(idOf(cluster, object)) && ownedFields(object, fieldManager) !== undefined;
  }

  #declared(entry: DesiredEntry | undefined): HeldEntry | undefined {
    return entry && { intent: intentOf(entry), content: this.#contentOf(entry) };
  }

  #contentOf({ source }: DesiredEntry): Content {
    return this.#world.git.contentAt(source.revision, source.path);
  }

  #differences(cluster: FleetCluster, namespace: string, content: Content): string[] {
    return differencesFrom(content, (name) => objectAt(cluster, namespace, name));
  }

  #isQuiet(place: string, last: ReadonlyMap<string, number>): boolean {
    return this.#isOlderThan(last.get(place) ?? 0);
  }

  #isOlderThan(at: number | undefined): boolean {
    return at !== undefined && this.#world.clock.now() - at > hearingMs;
  }
}

function isRun(entry: DesiredEntry | undefined): entry is DesiredEntry {
  return entry !== undefined && intentOf(entry) === 'run';
}

/** The entry that an agent holds for what lives in a namespace. */
function entryAt(cluster: FleetCluster, namespace: string): DesiredEntry | undefined {
  return cluster.agent?.heldEntries.find((entry) => entry.namespace === namespace);
}

export function objectAt(cluster: FleetCluster, namespace: string, name: string): KubeObject | undefined {
  return cluster.api.peek({ group: '', kind: 'ConfigMap', namespace, name });
}

function placeOf(cluster: FleetCluster, namespace: string): string {
  return `${cluster.uid}/${namespace}`;
}

function idOf(cluster: FleetCluster, object: KubeObject): string {
  return `${cluster.uid}/${object.metadata.uid}`;
}
