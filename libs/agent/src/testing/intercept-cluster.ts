import { keyOfObject, objectTitle, type GroupKind, type ObjectKey } from '@flotilla/model';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/** One call of the port, before it has an effect. */
export interface ClusterCall {
  readonly verb: 'kindOf' | 'refreshKinds' | 'get' | 'list' | 'apply' | 'create' | 'mergePatch' | 'delete';
  /** What it is about, as a person would name it: `ConfigMap apps/one`, or the kind alone. */
  readonly subject: string;
}

/** Stands around every call: decides whether it has its effect, and what its caller hears. */
export type Around = <Result>(call: ClusterCall, effect: () => Promise<Result>) => Promise<Result>;

/** The same cluster with something around every call. Watches are left alone: they tell, nobody asks them. */
export function interceptCluster(inner: ClusterApi, around: Around): ClusterApi {
  const about = (verb: ClusterCall['verb'], subject: string): ClusterCall => ({ verb, subject });
  const onKind = ({ kind }: GroupKind) => kind;
  const onKey = (key: ObjectKey) => objectTitle(key);
  return {
    kindOf: (kind, version) => around(about('kindOf', onKind(kind)), () => inner.kindOf(kind, version)),
    refreshKinds: () => around(about('refreshKinds', 'all kinds'), () => inner.refreshKinds()),
    get: (key) => around(about('get', onKey(key)), () => inner.get(key)),
    list: (kind, options) => around(about('list', onKind(kind)), () => inner.list(kind, options)),
    apply: (object, options) => around(about('apply', onKey(keyOfObject(object))), () => inner.apply(object, options)),
    create: (object) => around(about('create', onKey(keyOfObject(object))), () => inner.create(object)),
    mergePatch: (key, patch) => around(about('mergePatch', onKey(key)), () => inner.mergePatch(key, patch)),
    delete: (key, options) => around(about('delete', onKey(key)), () => inner.delete(key, options)),
    watch: (kind, options) => inner.watch(kind, options),
  };
}
