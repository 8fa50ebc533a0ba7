import type { KubeObject } from '@flotilla/model';
import { agentObjects } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { packUpgrade, unpackUpgrade, type UpgradeRecord } from './upgrade-record.ts';

const dataKey = 'upgrade';

/** A record as it was read: a write over it counts only if nobody wrote in between. */
export interface HeldUpgrade {
  readonly record: UpgradeRecord | undefined;
  readonly resourceVersion: string | undefined;
}

/** The record of the newest upgrade, in a ConfigMap that old agent, watchdog and new agent share. */
export class UpgradeKeeper {
  readonly #cluster: ClusterApi;
  readonly #namespace: string;

  constructor(cluster: ClusterApi, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  async load(): Promise<HeldUpgrade> {
    const kept = await this.#cluster.get(this.#key());
    const text = (kept?.data as Record<string, string> | undefined)?.[dataKey];
    return {
      record: text === undefined ? undefined : unpackUpgrade(text),
      resourceVersion: kept?.metadata.resourceVersion,
    };
  }

  /** False when somebody else wrote in between: whoever wanted to decide looks again. */
  async replace({ resourceVersion }: HeldUpgrade, record: UpgradeRecord): Promise<boolean> {
    const data = { [dataKey]: packUpgrade(record) };
    const written = resourceVersion
      ? await this.#cluster.mergePatch(this.#key(), { metadata: { resourceVersion }, data })
      : await this.#cluster.create(this.#object(data));
    return written !== undefined;
  }

  #key() {
    return { group: '', kind: 'ConfigMap', namespace: this.#namespace, name: agentObjects.upgrade };
  }

  #object(data: object): KubeObject {
    const { name, namespace } = this.#key();
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
  }
}
