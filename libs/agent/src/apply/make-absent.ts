import { toFault } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/** A version that no object has: the store counts every write, and begins with this one before there is any. */
const versionOfNone = '1';

/**
 * Makes what is not there, in one request and without a look. Server-side apply has no word for "must not exist", but an
 * apply that names a version is refused by every object of another one, and held to nothing where there is no object.
 * Nothing is made, and nothing said, where something stands: whose it is has to be looked at.
 */
export async function makeAbsent(cluster: ClusterApi, object: KubeObject): Promise<KubeObject | undefined> {
  try {
    const versioned = { ...object, metadata: { ...object.metadata, resourceVersion: versionOfNone } };
    const applied = await cluster.apply(versioned, { force: false });
    return applied.kind === 'applied' ? applied.object : undefined;
  } catch (error) {
    if (toFault(error).reason !== 'ObjectChanged') throw error;
    return undefined;
  }
}
