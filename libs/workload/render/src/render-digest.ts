import { canonicalJson } from '@flotilla/foundation';
import { hmacSha256 } from '@flotilla/foundation/node';
import { objectId } from '@flotilla/model';
import type { Manifest } from '@flotilla/workload-manifests';

/**
 * One digest of everything that was rendered, whatever file it stands in and in whatever order. It is keyed, and the
 * key stays in the cluster: manifests hold secrets, and a plain digest of a short one can be guessed.
 */
export function renderDigest(manifests: readonly Pick<Manifest, 'key' | 'object'>[], key: Uint8Array): string {
  const lines = manifests.map(({ key: objectKey, object }) => `${objectId(objectKey)} ${canonicalJson(object)}`);
  return hmacSha256(key, lines.toSorted().join('\n'));
}
