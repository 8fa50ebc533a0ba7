import { toFault, type Clock, type Fault, type Random } from '@flotilla/foundation';
import type { FieldConflict, GroupKind, KubeObject, ObjectKey } from '@flotilla/model';
import type { Deletion } from './client/delete-object.ts';
import type { KubeClient } from './client/kube-client.ts';
import type { KindInfo } from './discovery/kind-table.ts';
import { watchKind } from './watch/watch-kind.ts';

export interface ManagedClusterOptions {
  readonly client: KubeClient;
  /** The field manager under which everything is written. */
  readonly manager: string;
  readonly clock: Clock;
  readonly random: Random;
}

type ObjectChange =
  | { readonly kind: 'present'; readonly object: KubeObject }
  | { readonly kind: 'absent'; readonly key: ObjectKey };

/** An API server as one field manager sees it: every write is made in its name. */
export class ManagedCluster {
  readonly #options: ManagedClusterOptions;

  constructor(options: ManagedClusterOptions) {
    this.#options = options;
  }

  kindOf(kind: GroupKind, version?: string): Promise<KindInfo | undefined> {
    return this.#options.client.kinds.find(kind, version);
  }

  async refreshKinds(): Promise<void> {
    await this.#options.client.kinds.refresh();
  }

  get(key: ObjectKey): Promise<KubeObject | undefined> {
    return this.#options.client.get(key);
  }

  async list(
    kind: GroupKind,
    options: { namespace?: string; labelSelector?: string; fieldSelector?: string },
  ): Promise<readonly KubeObject[]> {
    return (await this.#options.client.list(kind, options)).items;
  }

  async apply(
    object: KubeObject,
    options: { force: boolean; dryRun?: boolean },
  ): Promise<{ kind: 'applied'; object: KubeObject } | { kind: 'conflicts'; conflicts: readonly FieldConflict[] }> {
    return this.#options.client.apply(object, { manager: this.#options.manager, ...options });
  }

  /** `undefined` when an object of this name exists already. */
  async create(object: KubeObject): Promise<KubeObject | undefined> {
    const created = await this.#options.client.create(object, { manager: this.#options.manager });
    return created.kind === 'created' ? created.object : undefined;
  }

  /** `undefined` when the object is not there, or is not the one that the patch is meant for any more. */
  async mergePatch(key: ObjectKey, patch: object): Promise<KubeObject | undefined> {
    const { client, manager } = this.#options;
    return client.mergePatch(key, patch as Record<string, unknown>, { manager }).catch((error: unknown) => {
      if (toFault(error).reason === 'ObjectChanged') return undefined;
      throw error;
    });
  }

  delete(key: ObjectKey, { uid }: { uid: string }): Promise<Deletion> {
    return this.#options.client.delete(key, { uid, propagation: 'Background' });
  }

  watch(
    kind: GroupKind,
    {
      onChange,
      ...selection
    }: {
      namespace?: string;
      labelSelector?: string;
      metadataOnly?: boolean;
      onChange: (change: ObjectChange) => void;
    },
  ): { readonly synced: Promise<void>; problem(): Fault | undefined; stop(): Promise<void> } {
    const { client, clock, random } = this.#options;
    const watch = watchKind(client, kind, {
      ...selection,
      clock,
      random,
      // Whoever follows keeps what he needs; the cache only has to know what it told.
      keep: () => undefined,
      onChange: (event) => {
        if (event.type === 'removed') onChange({ kind: 'absent', key: event.key });
        else if (event.type !== 'synced') onChange({ kind: 'present', object: event.object });
      },
    });
    return { synced: watch.synced, problem: () => watch.health().problem, stop: () => watch.stop() };
  }
}
