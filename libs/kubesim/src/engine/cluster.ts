import { createHash } from 'node:crypto';
import type { Clock, Ids } from '@flotilla/foundation';
import type { KindTools, ServiceAddresses } from '../kinds/kind-rules.ts';
import { apiTime } from '../objects/metadata.ts';
import type { JsonObject } from '../schema/schema-type.ts';
import { ObjectStore, Revisions, type Change } from './object-store.ts';
import { ResourceRegistry } from './resource-registry.ts';
import { resourceOfStore, storeNameOf, type ResourceName, type ServedResource } from './served-resource.ts';

export interface ClusterOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly historyMax: number;
}

/** A change, and what kind of object it happened to. */
export interface ObservedChange extends Change {
  readonly resource: ResourceName;
}

/** The state of one simulated cluster, and what its verbs share. */
export class Cluster {
  readonly clock: Clock;
  readonly revisions = new Revisions();
  readonly registry = new ResourceRegistry();
  readonly addresses = new AddressPool();
  readonly #ids: Ids;
  readonly #historyMax: number;
  readonly #stores = new Map<string, ObjectStore>();
  readonly #listeners = new Set<(change: ObservedChange) => void>();
  #afterwards: (() => void)[] = [];
  #oldestRevision = 0;

  constructor({ clock, ids, historyMax }: ClusterOptions) {
    this.clock = clock;
    this.#ids = ids;
    this.#historyMax = historyMax;
  }

  /** The store of a resource, shared by its versions. */
  store(resource: ResourceName): ObjectStore {
    return this.storeNamed(storeNameOf(resource));
  }

  storeNamed(name: string): ObjectStore {
    let store = this.#stores.get(name);
    if (!store) {
      const resource = resourceOfStore(name);
      const onChange = (change: Change) => {
        for (const listener of this.#listeners) listener({ ...change, resource });
      };
      const historyMax = this.#historyMax;
      const oldestRevision = this.#oldestRevision;
      store = new ObjectStore({ revisions: this.revisions, historyMax, oldestRevision, onChange });
      this.#stores.set(name, store);
    }
    return store;
  }

  /** Forgets the history of everything, so that watches and pages from before have to begin anew. */
  compact(): void {
    this.#oldestRevision = this.revisions.current;
    for (const store of this.#stores.values()) store.compact();
  }

  /** Tells of each change of any kind, within the write itself. */
  listen(listener: (change: ObservedChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get stores(): ReadonlyMap<string, ObjectStore> {
    return this.#stores;
  }

  get(group: string, plural: string, key: string): JsonObject | undefined {
    return this.store({ group, plural }).get(key);
  }

  /** Leaves a reaction for after the request: what it writes comes after what the request wrote, for everybody. */
  afterwards(reaction: () => void): void {
    this.#afterwards.push(reaction);
  }

  /** Runs what was left for afterwards, and what that leaves in turn. */
  runAfterwards(): void {
    for (let next = this.#afterwards.shift(); next; next = this.#afterwards.shift()) next();
  }

  /** The moment, as the API writes it. */
  time(): string {
    return apiTime(this.clock.now());
  }

  /** An identity in the form of a UUID. */
  newUid(): string {
    const hex = createHash('md5').update(this.#ids.next()).digest('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join(
      '-',
    );
  }

  /** The five characters that complete a generated name. */
  nameSuffix(): string {
    const bytes = createHash('md5').update(this.#ids.next()).digest();
    return Array.from(bytes.subarray(0, 5), (byte) => suffixAlphabet[byte % suffixAlphabet.length]).join('');
  }

  toolsFor(resource: ServedResource, dryRun: boolean): KindTools {
    return {
      time: this.time(),
      dryRun,
      zero: resource.codec.zero,
      find: (group, plural, key) => this.get(group, plural, key),
      addresses: dryRun ? dryRunAddresses : this.addresses,
    };
  }
}

/** No vowels, so that no words come out. */
const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Hands out service addresses and node ports one after another. */
export class AddressPool implements ServiceAddresses {
  #addresses = 1;
  #nodePorts = 0;

  nextAddress(): string {
    const number = ++this.#addresses % 65_536;
    return `10.0.${Math.floor(number / 256)}.${number % 256}`;
  }

  nextNodePort(): number {
    return 30_000 + (this.#nodePorts++ % 2_768);
  }

  save(): readonly [number, number] {
    return [this.#addresses, this.#nodePorts];
  }

  restore([addresses, nodePorts]: readonly [number, number]): void {
    this.#addresses = addresses;
    this.#nodePorts = nodePorts;
  }
}

/** A dry run takes nothing from the pool and shows a placeholder. */
const dryRunAddresses: ServiceAddresses = { nextAddress: () => '10.0.0.0', nextNodePort: () => 32_769 };
