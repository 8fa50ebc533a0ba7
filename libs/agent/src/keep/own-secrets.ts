import { Fault, toFault } from '@flotilla/foundation';
import { digestOf } from '@flotilla/foundation/node';
import type { KubeObject } from '@flotilla/model';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

interface Seen {
  readonly version: string | undefined;
  /** Its content may be large, and is only ever compared. */
  readonly digest: string;
}

/** People may annotate what we keep at any moment; who loses that race this often comes back later. */
const attemptsMax = 5;

/**
 * Writes the agent's own Secrets, each over exactly what this process saw last. An agent that stood still with a write
 * under way has a successor by now, and must not put back what was true before: it is refused. Whoever is refused has
 * seen what is there, so the one that still holds the Lease is not stopped by it for longer than a moment.
 */
export class OwnSecrets {
  readonly #cluster: ClusterApi;
  readonly #seen = new Map<string, Seen>();

  constructor(cluster: ClusterApi) {
    this.#cluster = cluster;
  }

  /** This is what stands there now. */
  see({ metadata, data }: KubeObject): void {
    this.#seen.set(metadata.name, { version: metadata.resourceVersion, digest: digestOf(data) });
  }

  forget(name: string): void {
    this.#seen.delete(name);
  }

  async write(secret: KubeObject): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const before = this.#seen.get(secret.metadata.name);
      try {
        this.see(await this.#writeOver(before, secret));
        return;
      } catch (error) {
        this.forget(secret.metadata.name);
        if (toFault(error).reason !== 'ObjectChanged' || attempt === attemptsMax) throw error;
        const there = await this.#there(secret);
        if (there && there.digest !== before?.digest && there.digest !== digestOf(secret.data)) throw error;
      }
    }
  }

  /**
   * What was never seen is made: whoever keeps Secrets has listed them at his start, and need not look again. Everything
   * else is patched. Annotations of people stay: they are not ours.
   */
  async #writeOver(before: Seen | undefined, secret: KubeObject): Promise<KubeObject> {
    if (!before) return (await this.#cluster.create(secret)) ?? refuse(secret);
    const { kind, metadata, data } = secret;
    const { name, namespace, ...said } = metadata;
    const patch = { metadata: { ...said, ...(before.version && { resourceVersion: before.version }) }, data };
    return (await this.#cluster.mergePatch({ group: '', kind, namespace, name }, patch)) ?? refuse(secret);
  }

  async #there({ kind, metadata }: KubeObject): Promise<Seen | undefined> {
    const { name, namespace } = metadata;
    if (!this.#seen.has(name)) {
      const there = await this.#cluster.get({ group: '', kind, namespace, name });
      if (there) this.see(there);
    }
    return this.#seen.get(name);
  }
}

/** It came to be, or changed, since it was looked at. */
function refuse({ metadata }: KubeObject): never {
  const message = `Secret ${metadata.namespace}/${metadata.name} is another one than a moment ago`;
  throw new Fault({ code: 'conflict', reason: 'ObjectChanged', message });
}
