import { systemClock, systemRandom, type Running } from '@flotilla/foundation';
import type { GroupKind, KubeObject } from '@flotilla/model';
import { watchKind, type KubeClient } from '@flotilla/platform-kube';
import { benchLabel } from './bench-applications.ts';
import { isObserved } from './status-stub.ts';

const deployments = { group: 'apps', kind: 'Deployment' };
const plain = ['ConfigMap', 'Service', 'ServiceAccount'].map((kind) => ({ group: '', kind }));

interface Awaited {
  readonly objects: number;
  readonly deployments: number;
  readonly tell: (at: number) => void;
}

/** Looks at a cluster from outside: which objects of a bench are there, and which Deployments were observed. */
export class ClusterObserver implements Running {
  readonly #objects = new Set<string>();
  readonly #observed = new Set<string>();
  readonly #watches: readonly Running[];
  #awaited: Awaited | undefined;

  constructor(client: KubeClient) {
    this.#watches = [...plain.map((kind) => this.#watch(client, kind, true)), this.#watch(client, deployments, false)];
  }

  /** The moment at which so many objects were there and so many Deployments observed. */
  complete(wanted: { readonly objects: number; readonly deployments: number }): Promise<number> {
    return new Promise((resolve) => {
      this.#awaited = { ...wanted, tell: resolve };
      this.#look();
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.stop()));
  }

  #watch(client: KubeClient, kind: GroupKind, metadataOnly: boolean): Running {
    return watchKind(client, kind, {
      labelSelector: benchLabel,
      metadataOnly,
      clock: systemClock,
      random: systemRandom,
      keep: () => undefined,
      onChange: (event) => {
        if (event.type === 'added' || event.type === 'changed') this.#see(event.object);
      },
    });
  }

  #see(object: KubeObject): void {
    const { metadata, kind } = object;
    this.#objects.add(`${kind}/${metadata.namespace}/${metadata.name}`);
    if (kind === deployments.kind && isObserved(object)) this.#observed.add(`${metadata.namespace}/${metadata.name}`);
    this.#look();
  }

  #look(): void {
    const wanted = this.#awaited;
    if (!wanted || this.#objects.size < wanted.objects || this.#observed.size < wanted.deployments) return;
    this.#awaited = undefined;
    wanted.tell(performance.now());
  }
}
