import { isDeepStrictEqual } from 'node:util';
import type { Report } from '@flotilla/contracts';
import { compareFences, noFence, type DesiredEntry, type Fence, type KubeObject } from '@flotilla/model';
import { Violation } from '../agent-judge.ts';
import type { FleetCluster, FleetWrite } from './fleet-cluster.ts';
import { applications, environments, namespaceOf, type FleetWorld } from './fleet-world.ts';

/** How long a word may take to be heard, and a report to say what was true when it was written. */
const hearingMs = 60_000;

interface Place {
  readonly application: string;
  readonly environment: string;
}

const places = new Map<string, Place>(
  applications.flatMap((application) =>
    environments.map((environment) => [namespaceOf(application, environment), { application, environment }] as const),
  ),
);

/**
 * Watches every write of every agent, and every report, as they happen:
 * - I1 nothing is deleted or changed that is not ours; what was taken over is never deleted;
 * - I2 what is written is what Git held for that very environment; never another one's;
 * - I3 never something older after something newer, and no generation goes backwards;
 * - I9 nothing is deleted but what the entry at hand gave up, after all that it declares is there;
 * - I10 what is said to be Synced at a revision is what that revision says;
 * - what the control plane suspended is not written, once the agent knew.
 */
export class FleetJudge {
  readonly violations: Violation[] = [];
  readonly #world: FleetWorld;
  readonly #made = new Set<string>();
  readonly #newest = new Map<string, number>();
  /** The entry that was held when a write was sent: another may come while it is under way. */
  readonly #sent = new Map<string, DesiredEntry | undefined>();
  readonly #lastWrites = new Map<string, number>();
  readonly #lastForeign = new Map<string, number>();
  readonly #fences = new Map<string, Fence>();
  readonly #suspendedSince = new Map<string, number>();

  constructor(world: FleetWorld) {
    this.#world = world;
    world.onWrite = (write) => this.#judgeWrite(write);
    world.onSend = (cluster, { namespace = '', name }) =>
      void this.#sent.set(`${cluster.uid}/${namespace}/${name}`, entryAt(cluster, namespace));
    world.onForeign = (cluster, namespace) => this.foreign(cluster, namespace);
    world.onSaid = (cluster, kind, message) =>
      void (kind === 'report' && this.#judgeReport(cluster, message as Report));
  }

  /** Somebody else wrote there: what agents say of it may be out of date for a moment. */
  foreign(cluster: string, namespace: string): void {
    this.#lastForeign.set(`${cluster}/${namespace}`, this.#world.clock.now());
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
        const place = `${cluster.uid}/${namespace}`;
        if (!entryAt(cluster, namespace)?.suspended) this.#suspendedSince.delete(place);
        else if (!this.#suspendedSince.has(place)) this.#suspendedSince.set(place, this.#world.clock.now());
      }
    }
  }

  #judgeWrite({ cluster, call, key, before, after }: FleetWrite): void {
    const { namespace = '' } = key;
    const where = places.get(namespace);
    if (!where || key.kind !== 'ConfigMap') return;
    const place = `${cluster.uid}/${namespace}`;
    const what = `${call.verb} ${place}/${key.name}`;
    if (!before && after) this.#made.add(idOf(cluster, after));
    const isOurs = before === undefined || this.#made.has(idOf(cluster, before));
    if (!isOurs && !after) this.#violation('I1 only what we made is deleted', what);
    if (!isOurs && where.application !== 'pay' && differs(before, after))
      this.#violation('I1 what others made is theirs', what);
    if (call.verb === 'apply' && after) this.#judgeContent(place, namespace, { after, what });
    if (before && !after) this.#judgeDeletion(cluster, namespace, { name: key.name, what });
    const isSuspended = entryAt(cluster, namespace)?.suspended !== undefined;
    if (isSuspended && this.#isOlderThan(this.#suspendedSince.get(place)))
      this.#violation('what is suspended is not written', what);
    this.#lastWrites.set(place, this.#world.clock.now());
  }

  #judgeContent(place: string, namespace: string, { after, what }: { after: KubeObject; what: string }): void {
    const { value = '' } = (after.data ?? {}) as { value?: string };
    const [, of, count] = /^(.+)-(\d+)$/.exec(value) ?? [];
    if (of !== namespace) return this.#violation('I2 only what Git held there is written', `${what}: ${value}`);
    const newest = this.#newest.get(place) ?? 0;
    if (Number(count) < newest)
      this.#violation('I3 nothing older is written after something newer', `${what}: ${value} after ${newest}`);
    this.#newest.set(place, Math.max(newest, Number(count)));
  }

  #judgeDeletion(cluster: FleetCluster, namespace: string, { name, what }: { name: string; what: string }): void {
    const entry = this.#sent.get(`${cluster.uid}/${namespace}/${name}`);
    if (entry?.intent === 'delete') return;
    if (!entry || entry.intent === 'orphan') return this.#violation('I9 only an entry deletes', what);
    const declared = this.#contentOf(entry);
    if (name in declared) this.#violation('I9 what is declared is not deleted', what);
    if (Object.keys(declared).length === 0) this.#violation('I9 an empty source deletes nothing', what);
    if (!this.#isOlderThan(this.#lastForeign.get(`${cluster.uid}/${namespace}`) ?? 0)) return;
    const missing = this.#differences(cluster, namespace, declared);
    if (missing.length > 0)
      this.#violation('I9 nothing is deleted before all is applied', `${what}; ${missing.join(', ')}`);
  }

  #judgeReport(cluster: FleetCluster, { fence, items }: Report): void {
    const before = this.#fences.get(cluster.uid) ?? noFence;
    if (compareFences(fence, before) < 0)
      this.#violation('I3 no generation goes backwards', `${cluster.uid}: ${JSON.stringify([before, fence])}`);
    this.#fences.set(cluster.uid, fence);
    for (const { target, sync, revision } of items) {
      const entry = cluster.agent?.reconciler.memory(target)?.entry;
      if (sync === 'Synced' && revision && entry?.intent === 'run') this.#judgeSynced(cluster, entry, revision);
    }
  }

  #judgeSynced(cluster: FleetCluster, entry: DesiredEntry, revision: string): void {
    const namespace = entry.namespace;
    const place = `${cluster.uid}/${namespace}`;
    const isQuiet = [this.#lastForeign, this.#lastWrites].every((last) => this.#isOlderThan(last.get(place) ?? 0));
    if (!isQuiet) return;
    const differences = this.#differences(cluster, namespace, this.#world.git.contentAt(revision, entry.source.path));
    if (differences.length > 0)
      this.#violation('I10 what is Synced is what its revision says', `${place}: ${differences.join(', ')}`);
  }

  #contentOf({ source }: DesiredEntry) {
    return this.#world.git.contentAt(source.revision, source.path);
  }

  #differences(cluster: FleetCluster, namespace: string, content: Readonly<Record<string, string>>): string[] {
    return Object.entries(content).flatMap(([name, value]) => {
      const live = valueAt(cluster, namespace, name);
      return live === value ? [] : [`${name} is ${live ?? 'missing'}, not ${value}`];
    });
  }

  #isOlderThan(at: number | undefined): boolean {
    return at !== undefined && this.#world.clock.now() - at > hearingMs;
  }

  #violation(rule: string, details: string): void {
    this.violations.push(new Violation(rule, details));
  }
}

/** The entry that an agent holds for what lives in a namespace. */
function entryAt(cluster: FleetCluster, namespace: string): DesiredEntry | undefined {
  return cluster.agent?.heldEntries.find((entry) => entry.namespace === namespace);
}

export function objectAt(cluster: FleetCluster, namespace: string, name: string): KubeObject | undefined {
  return cluster.api.peek({ group: '', kind: 'ConfigMap', namespace, name });
}

export function valueAt(cluster: FleetCluster, namespace: string, name: string): string | undefined {
  return (objectAt(cluster, namespace, name)?.data as { value?: string } | undefined)?.value;
}

function idOf(cluster: FleetCluster, object: KubeObject): string {
  return `${cluster.uid}/${object.metadata.uid}`;
}

function differs(before: KubeObject, after: KubeObject | undefined): boolean {
  const seen = (object: KubeObject | undefined) => [object?.data, object?.metadata.labels, object?.metadata.uid];
  return !isDeepStrictEqual(seen(before), seen(after));
}
