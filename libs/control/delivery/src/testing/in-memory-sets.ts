import { compareFences, noFence, type DesiredEntry, type HeldFence, type RemovalMode } from '@flotilla/model';
import { entryDigest, setDigest as digestOfSet } from '@flotilla/model/node';
import type { HeldBackSet, SetContent } from '../delivery-record.port.ts';
import type { FleetStanding } from '../recovery/recovery-record.port.ts';
import { InMemoryFences } from './in-memory-fences.ts';

/** A target as the record in memory keeps it. */
export interface StoredTarget {
  readonly uid: string;
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
  readonly onRemove: RemovalMode;
  readonly entry: DesiredEntry;
  /** It left, and its cluster has to hear of it. */
  readonly goneGeneration?: number;
}

/** The targets of a fleet as the sets of its clusters, each under the fence that it was issued with. */
export class InMemorySets {
  readonly fences = new InMemoryFences();
  readonly #targets = new Map<string, StoredTarget>();
  readonly #mark: (clusters: readonly string[]) => void;

  /** `mark` is told of the clusters whose sets are to be sent. */
  constructor(mark: (clusters: readonly string[]) => void) {
    this.#mark = mark;
  }

  put(target: StoredTarget): void {
    this.#targets.set(target.uid, target);
  }

  find(uid: string): StoredTarget | undefined {
    return this.#targets.get(uid);
  }

  /** Those that have not left, of one application where one is named. */
  standing(application?: string): StoredTarget[] {
    const standing = [...this.#targets.values()].filter(({ goneGeneration }) => goneGeneration === undefined);
    return application === undefined ? standing : standing.filter((target) => target.application === application);
  }

  entriesOf(cluster: string): DesiredEntry[] {
    return this.standing().flatMap((target) => (target.cluster === cluster ? [target.entry] : []));
  }

  /** The next generation of each of these sets, which is to be sent. */
  spend(clusters: readonly string[]): ReadonlyMap<string, number> {
    const spent = this.fences.spend(clusters);
    if (spent.size > 0) this.#mark([...spent.keys()]);
    return spent;
  }

  /** What a cluster that holds this misses. It counts as issued from now on. */
  setFor(cluster: string, held: HeldFence | 'last-heard'): SetContent | HeldBackSet | undefined {
    const fence = this.fences.of(cluster);
    const holds = held === 'last-heard' ? this.fences.lastHeard(cluster) : held;
    if (fence && this.fences.isAhead(cluster, holds)) return { cluster, hold: 'ahead' };
    if (!fence || compareFences(holds, fence) >= 0) return undefined;
    const previous = holds.epoch === fence.epoch ? holds.generation : 0;
    const setDigest = this.#digest(cluster);
    this.fences.issue(cluster, setDigest);
    const here = [...this.#targets.values()].filter((target) => target.cluster === cluster);
    return {
      cluster,
      fence,
      previous,
      entries: this.entriesOf(cluster).filter(({ generation }) => generation > previous),
      gone: here.filter(({ goneGeneration = 0 }) => goneGeneration > previous).map(({ uid }) => uid),
      setDigest,
    };
  }

  /** Of these clusters, those that miss something and may be sent it. */
  behind(held: ReadonlyMap<string, HeldFence>): readonly string[] {
    return [...held].flatMap(([cluster, holds]) => {
      const fence = this.fences.of(cluster);
      return fence && compareFences(fence, holds) > 0 && !this.fences.isAhead(cluster, holds) ? [cluster] : [];
    });
  }

  /** Drops the tombstones that these clusters have heard of. */
  bury(held: ReadonlyMap<string, HeldFence>): void {
    for (const { uid, cluster, goneGeneration } of this.#targets.values()) {
      const holds = held.get(cluster);
      const heardOf =
        holds?.epoch === this.fences.epoch && goneGeneration !== undefined && goneGeneration <= holds.generation;
      if (heardOf) this.#targets.delete(uid);
    }
  }

  /** Who holds what was never issued here. */
  fleet(): FleetStanding {
    return {
      epoch: this.fences.epoch,
      clusters: this.fences.clusters.length,
      ahead: this.fences.ahead.map(([uid, { epoch, generation }]) => ({
        uid,
        project: 'default',
        name: uid,
        connection: 'Ahead',
        fence: this.fences.of(uid) ?? noFence,
        held: { epoch, generation },
      })),
      strangers: [],
    };
  }

  /** Opens the next epoch, in which every cluster is sent its whole set. */
  openEpoch(): void {
    this.fences.openEpoch();
    this.#mark(this.fences.clusters);
  }

  #digest(cluster: string): string {
    return digestOfSet(this.entriesOf(cluster).map(entryDigest));
  }
}
