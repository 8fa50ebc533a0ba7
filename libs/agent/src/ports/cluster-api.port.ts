import type { Fault } from '@flotilla/foundation';
import type { CascadeMode, FieldConflict, GroupKind, KubeObject, ObjectKey } from '@flotilla/model';

/** How the API server serves one kind. */
export interface KindInfo extends GroupKind {
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** What became of a server-side apply. Conflicts changed nothing. */
export type Applied =
  | { readonly kind: 'applied'; readonly object: KubeObject }
  | { readonly kind: 'conflicts'; readonly conflicts: readonly FieldConflict[] };

/** What became of an order to delete. `pending`: finalizers hold it. `replaced`: another object has its name now. */
export type Deleted = 'deleted' | 'pending' | 'absent' | 'replaced';

/** Somebody in the cluster whom we act as. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

/** The cluster's API server, as much of it as an agent needs. Failures are faults that say when to come back. */
export interface ClusterApi {
  /** `undefined` when the API server does not know the kind, or not in that version. */
  kindOf(kind: GroupKind, version?: string): Promise<KindInfo | undefined>;
  /** Asks for all kinds again: definitions were just applied. */
  refreshKinds(): Promise<void>;
  get(key: ObjectKey): Promise<KubeObject | undefined>;
  list(
    kind: GroupKind,
    options: { namespace?: string; labelSelector?: string; fieldSelector?: string },
  ): Promise<readonly KubeObject[]>;
  apply(object: KubeObject, options: ApplyOptions): Promise<Applied>;
  /** Makes an object that must not exist yet; `undefined` when it does. */
  create(object: KubeObject): Promise<KubeObject | undefined>;
  mergePatch(key: ObjectKey, patch: object): Promise<KubeObject | undefined>;
  delete(key: ObjectKey, options: DeleteOptions): Promise<Deleted>;
  watch(kind: GroupKind, options: WatchOptions): ObjectWatch;
  /** The same, with every call made as somebody else, by his rights. An empty name is refused, never replaced by ours. */
  actingAs(account: ServiceAccount): ClusterApi;
}

export interface ApplyOptions {
  /** Takes fields from whoever holds them. */
  readonly force: boolean;
  /** Says what would become of it, and changes nothing. */
  readonly dryRun?: boolean;
  /** The field manager, where it is another than the usual one. */
  readonly manager?: string;
}

export interface DeleteOptions {
  /** Only the object of this identity goes. */
  readonly uid: string;
  /** What becomes of the objects that it owns: they go after it, where nothing is said. */
  readonly cascade?: CascadeMode;
}

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  /** Everything but `metadata` is left out by the server: for whoever reads marks, and not what an object holds. */
  readonly metadataOnly?: boolean;
  readonly onChange: (change: ObjectChange) => void;
}

/** An object appeared, changed or went; after a gap in the line, exactly what differs from before the gap. */
export type ObjectChange =
  | { readonly kind: 'present'; readonly object: KubeObject }
  | { readonly kind: 'absent'; readonly key: ObjectKey }
  /** The API server went back in time, as after a restored backup: versions that were told before say nothing any more. */
  | { readonly kind: 'reset' }
  /** Everything that existed at that version was told by now: what was not, and is no younger, is not there. */
  | { readonly kind: 'relisted'; readonly resourceVersion: string };

/** A watch while it runs. */
export interface ObjectWatch {
  /** Resolves once everything that exists was told. */
  readonly synced: Promise<void>;
  /** What keeps it from telling right now; nothing while it does. */
  problem?(): Fault | undefined;
  stop(): Promise<void>;
}
