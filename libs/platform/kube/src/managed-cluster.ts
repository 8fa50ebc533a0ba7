import { Fault, toFault, type Clock, type Random } from '@flotilla/foundation';
import {
  groupOf,
  keyOfObject,
  objectTitle,
  versionOf,
  type CascadeMode,
  type FieldConflict,
  type GroupKind,
  type KubeObject,
  type ObjectKey,
} from '@flotilla/model';
import type { Deletion } from './client/delete-object.ts';
import { serviceAccountIdentity } from './client/identity.ts';
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

type Applied =
  | { readonly kind: 'applied'; readonly object: KubeObject }
  | { readonly kind: 'conflicts'; readonly conflicts: readonly FieldConflict[] };

type ObjectChange =
  | { readonly kind: 'present'; readonly object: KubeObject }
  | { readonly kind: 'absent'; readonly key: ObjectKey }
  | { readonly kind: 'reset' }
  | { readonly kind: 'relisted'; readonly resourceVersion: string };

const propagations = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' } as const;

/** An API server as one field manager sees it: every write is made in its name. */
export class ManagedCluster {
  readonly #options: ManagedClusterOptions;

  constructor(options: ManagedClusterOptions) {
    this.#options = options;
  }

  /**
   * The same, acting as a ServiceAccount. Connections, turns and the table of kinds stay shared, and nothing is kept for
   * an identity, so that acting as thousands costs no more than acting as one.
   */
  actingAs({ namespace, name }: { namespace: string; name: string }): ManagedCluster {
    return new ManagedCluster({
      ...this.#options,
      client: this.#options.client.as(serviceAccountIdentity(namespace, name)),
    });
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

  /**
   * The answer is the object as `get` and `watch` tell it. One that is written in another version than the preferred one
   * is answered in that, so it is read again; if somebody wrote it in between, it is not what was applied any more.
   */
  async apply(object: KubeObject, options: { force: boolean; dryRun?: boolean; manager?: string }): Promise<Applied> {
    const { client, manager } = this.#options;
    const applied = await client.apply(object, { manager, ...options });
    if (applied.kind === 'conflicts' || options.dryRun || (await this.#isPreferred(object))) return applied;
    const there = await client.get(keyOfObject(object));
    if (there?.metadata.resourceVersion !== applied.object.metadata.resourceVersion) throw changedMeanwhile(object);
    return { kind: 'applied', object: there! };
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

  delete(key: ObjectKey, { uid, cascade = 'background' }: { uid: string; cascade?: CascadeMode }): Promise<Deletion> {
    return this.#options.client.delete(key, { uid, propagation: propagations[cascade] });
  }

  async #isPreferred({ apiVersion, kind }: KubeObject): Promise<boolean> {
    const preferred = await this.#options.client.kinds.find({ group: groupOf(apiVersion), kind });
    return preferred === undefined || preferred.version === versionOf(apiVersion);
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
        if (event.type === 'removed') return onChange({ kind: 'absent', key: event.key });
        if (event.type === 'reset') return onChange({ kind: 'reset' });
        if (event.type === 'synced') return onChange({ kind: 'relisted', resourceVersion: event.resourceVersion });
        onChange({ kind: 'present', object: event.object });
      },
    });
    return { synced: watch.synced, problem: () => watch.health().problem, stop: () => watch.stop() };
  }
}

function changedMeanwhile(object: KubeObject): Fault {
  const title = objectTitle(keyOfObject(object));
  const message = `${title} was changed by somebody else right after it was applied`;
  return new Fault({
    code: 'conflict',
    reason: 'ObjectChanged',
    message,
    subject: title,
    consequence: { kind: 'retry' },
  });
}
