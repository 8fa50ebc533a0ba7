/** One entry of `metadata.managedFields`: which fields a manager owns, in the API server's own encoding. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldsV1;
  readonly subresource?: string;
}

/** A tree of owned fields: keys are `f:name`, `k:{…}`, `v:…`, `i:n`, and `.` for the thing itself. */
export interface FieldsV1 {
  readonly [key: string]: FieldsV1;
}

/** Who made an object, as Kubernetes' garbage collector knows it. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** The metadata that we read or write; an object may carry more. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFields[];
}

/** Any Kubernetes object, as JSON. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** A kind, and the API group that tells it from others of the same name. */
export interface GroupKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
}

/** What tells one object of a cluster from all others; the version is not part of it. */
export interface ObjectKey extends GroupKind {
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** The version of an `apiVersion`, without its group. */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/** What tells an object from all others in its cluster, whichever version it was read in. */
export function keyOfObject(object: KubeObject): ObjectKey {
  const { name, namespace } = object.metadata;
  return { group: groupOf(object.apiVersion), kind: object.kind, ...(namespace && { namespace }), name };
}

/** One text for one key, usable as the key of a map. */
export function objectId(key: ObjectKey): string {
  return `${key.group}/${key.kind}/${key.namespace ?? ''}/${key.name}`;
}

/** One text for one kind, in whatever version, usable as the key of a map. */
export function kindId({ group, kind }: GroupKind): string {
  return `${group}/${kind}`;
}

/** An object as people name it: `Deployment shop/checkout`. */
export function objectTitle(key: ObjectKey): string {
  return `${key.kind} ${key.namespace ? `${key.namespace}/` : ''}${key.name}`;
}

/** A field that a server-side apply wanted and another manager holds. */
export interface FieldConflict {
  /** The API server's own path: `.spec.template.spec.containers[name="app"].image`. */
  readonly field: string;
  readonly manager: string;
}
