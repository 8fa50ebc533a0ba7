import { z } from 'zod';
import { toFault, type Fault } from '@flotilla/foundation';
import { desiredEntrySchema, fenceSchema, wishedAgentSchema, type DesiredSet } from '@flotilla/model';
import { agentObjects } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { OwnSecrets } from './own-secrets.ts';
import { packText, unpackText } from './packed-text.ts';

export const heldSetSchema = z.object({
  fence: fenceSchema,
  entries: z.array(desiredEntrySchema),
  agent: wishedAgentSchema.optional().catch(undefined),
});
const dataKey = 'set';

/** The set that was accepted last, in a Secret: with it and the bundles, an agent that is cut off from all runs on. */
export class SetKeeper {
  readonly #cluster: ClusterApi;
  readonly #namespace: string;
  readonly #secrets: OwnSecrets;

  constructor(cluster: ClusterApi, namespace: string) {
    this.#cluster = cluster;
    this.#secrets = new OwnSecrets(cluster);
    this.#namespace = namespace;
  }

  /**
   * Failures of the API server are raised. A set that is there and cannot be read is as good as none, and is told to
   * `onUnreadable`: what runs is kept, and the whole set is asked for.
   */
  async load(onUnreadable: (fault: Fault) => void): Promise<DesiredSet | undefined> {
    const secret = await this.#cluster.get({
      group: '',
      kind: 'Secret',
      namespace: this.#namespace,
      name: agentObjects.heldSet,
    });
    if (secret) this.#secrets.see(secret);
    const packed = (secret?.data as Record<string, string> | undefined)?.[dataKey];
    if (!packed) return undefined;
    try {
      return heldSetSchema.parse(JSON.parse(unpackText(packed)));
    } catch (error) {
      onUnreadable(toFault(error));
      return undefined;
    }
  }

  async save(set: DesiredSet): Promise<void> {
    const metadata = { name: agentObjects.heldSet, namespace: this.#namespace };
    const data = { [dataKey]: packText(JSON.stringify(set)) };
    await this.#secrets.write({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'flotilla.dev/set', data });
  }
}
