import { keyOfObject, objectTitle, type GroupKind, type ObjectKey } from '@flotilla/model';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/** One call of the port, before it has an effect. */
export interface ClusterCall {
  readonly verb: 'kindOf' | 'refreshKinds' | 'get' | 'list' | 'dryRun' | 'apply' | 'create' | 'mergePatch' | 'delete';
  /** What it is about, as a person would name it: `ConfigMap apps/one`, or the kind alone. */
  readonly subject: string;
  /** The object that it is about, where it is about one. */
  readonly key?: ObjectKey;
  /** Whom it is made as, where that is not who connected. */
  readonly as?: string;
}

/** Stands around every call: decides whether it has its effect, and what its caller hears. */
export type Around = <Result>(call: ClusterCall, effect: () => Promise<Result>) => Promise<Result>;

/** The same cluster with something around every call. Watches are left alone: they tell, nobody asks them. */
export function interceptCluster(inner: ClusterApi, around: Around): ClusterApi {
  return intercepted(inner, around, {});
}

function intercepted(inner: ClusterApi, whole: Around, identity: Pick<ClusterCall, 'as'>): ClusterApi {
  const around: Around = (call, effect) => whole({ ...call, ...identity }, effect);
  const onKind = (verb: ClusterCall['verb'], { kind }: GroupKind): ClusterCall => ({ verb, subject: kind });
  const onKey = (verb: ClusterCall['verb'], key: ObjectKey): ClusterCall => ({ verb, subject: objectTitle(key), key });
  return {
    kindOf: (kind, version) => around(onKind('kindOf', kind), () => inner.kindOf(kind, version)),
    refreshKinds: () => around({ verb: 'refreshKinds', subject: 'all kinds' }, () => inner.refreshKinds()),
    get: (key) => around(onKey('get', key), () => inner.get(key)),
    list: (kind, options) => around(onKind('list', kind), () => inner.list(kind, options)),
    apply: (object, options) =>
      around(onKey(options.dryRun ? 'dryRun' : 'apply', keyOfObject(object)), () => inner.apply(object, options)),
    create: (object) => around(onKey('create', keyOfObject(object)), () => inner.create(object)),
    mergePatch: (key, patch) => around(onKey('mergePatch', key), () => inner.mergePatch(key, patch)),
    delete: (key, options) => around(onKey('delete', key), () => inner.delete(key, options)),
    watch: (kind, options) => inner.watch(kind, options),
    actingAs: (account) => intercepted(inner.actingAs(account), whole, { as: `${account.namespace}/${account.name}` }),
  };
}
