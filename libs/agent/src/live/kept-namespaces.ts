import type { Clock, Running } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import { marks } from '../names.ts';
import type { ClusterApi, ObjectChange, ObjectWatch } from '../ports/cluster-api.port.ts';
import { awaitLists } from './await-lists.ts';

export interface KeptNamespacesOptions {
  readonly cluster: ClusterApi;
  readonly clock: Clock;
  /** Something changed on a namespace that carries labels or annotations of ours, or our mark on it went. */
  readonly onChange: (namespace: string) => void;
}

/**
 * The namespaces on which labels and annotations are kept, as they are in the cluster. They are told by a mark of their
 * own: nothing but these few fields is ours there, and several targets may have a part in them.
 */
export class KeptNamespaces implements Running {
  readonly #options: KeptNamespacesOptions;
  readonly #known = new Map<string, KubeObject>();
  #watch: ObjectWatch | undefined;

  constructor(options: KeptNamespacesOptions) {
    this.#options = options;
  }

  /** Resolves once all of them are known. Where nobody keeps anything on a namespace, none are watched. */
  async follow(): Promise<void> {
    const { cluster, clock } = this.#options;
    this.#watch ??= cluster.watch(
      { group: '', kind: 'Namespace' },
      {
        labelSelector: marks.keptNamespace,
        metadataOnly: true,
        onChange: (change) => this.#heard(change),
      },
    );
    await awaitLists([this.#watch], clock);
  }

  get(name: string): KubeObject | undefined {
    return this.#known.get(name);
  }

  /** Takes the answer of a write of ours, so that nobody has to wait for the watch to tell it. */
  note(namespace: KubeObject): void {
    this.#known.set(namespace.metadata.name, namespace);
  }

  async stop(): Promise<void> {
    await this.#watch?.stop();
  }

  #heard(change: ObjectChange): void {
    if (change.kind !== 'present' && change.kind !== 'absent') return;
    const { name } = change.kind === 'absent' ? change.key : change.object.metadata;
    if (change.kind === 'absent') this.#known.delete(name);
    else this.#known.set(name, change.object);
    this.#options.onChange(name);
  }
}
